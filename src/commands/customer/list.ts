import { boolean } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import {
  renderCustomers,
  renderCustomerTree,
  toCustomerJson,
} from '../../cli/customers/present.ts';
import { pageFlags } from '../../cli/flags.ts';
import { mapPage, notePage } from '../../cli/paging.ts';
import { terminalWidth } from '../../cli/table.ts';

export default class CustomerList extends FleetCommand {
  static override summary = 'List customers.';
  static override examples = [
    '<%= config.bin %> customer list',
    '<%= config.bin %> customer list --tree --all',
    '<%= config.bin %> customer list --json',
  ];
  static override flags = {
    tree: boolean({ description: 'Children below their parents.' }),
    all: boolean({ description: 'Also those that are deactivated.' }),
    ...pageFlags,
  };

  override async run() {
    const { flags } = await this.parse(CustomerList);
    const { countCustomers, listCustomers } = await import('../../db/customers/customers.ts');
    const db = await this.read();
    const filter = { includeDeactivated: flags.all };
    const page = await listCustomers(db, filter, flags);
    if (page.items.length === 0)
      this.note('No customer yet. Try: fleet customer create my-company');
    else if (flags.tree) this.print(renderCustomerTree(page.items));
    else this.print(renderCustomers(page.items, terminalWidth()));
    if (page.next_cursor !== null) notePage(page, await countCustomers(db, filter));
    return mapPage(page, toCustomerJson);
  }
}
