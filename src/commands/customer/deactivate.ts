import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { toCustomerJson } from '../../cli/customers/present.ts';
import { yesFlag } from '../../cli/flags.ts';

export default class CustomerDeactivate extends FleetCommand {
  static override summary =
    'Deactivate a customer: its data is kept and hidden, its tokens stop working.';
  static override examples = [
    '<%= config.bin %> customer deactivate my-company',
    '<%= config.bin %> customer deactivate my-company --recursive --yes',
  ];
  static override args = { slug: string({ required: true, description: 'The customer.' }) };
  static override flags = {
    recursive: boolean({ description: 'Also the active customers below it.' }),
    yes: yesFlag,
  };

  override async run() {
    const { args, flags } = await this.parse(CustomerDeactivate);
    const { slug } = args;
    const { recursive } = flags;
    const { deactivateCustomer } = await import('../../db/customers/changes.ts');
    const { getCustomer } = await import('../../db/customers/customers.ts');
    await getCustomer(await this.write(), slug);
    await confirm(`Deactivate ${slug}${recursive ? ' and all below it' : ''}?`, flags);
    const { customer, deactivated, activeChildren } = await this.change((trx, change) =>
      deactivateCustomer(trx, { slug, recursive }, change),
    );
    for (const each of deactivated) this.print(`deactivated ${each}`);
    if (deactivated.length === 0) this.note(`${slug} was deactivated already.`);
    if (activeChildren.length > 0) {
      this.note(
        `Still active below it: ${activeChildren.join(', ')} (--recursive takes them along).`,
      );
    }
    return { ...toCustomerJson(customer), deactivated, active_children: activeChildren };
  }
}
