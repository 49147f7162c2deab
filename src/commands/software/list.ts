import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { mapPage, notePage } from '../../cli/paging.ts';
import { parsePath } from '../../cli/path-argument.ts';
import { explainEmptyList } from '../../cli/software/explain-empty.ts';
import { fleetListFlags } from '../../cli/software/flags.ts';
import { toSoftwareJson } from '../../cli/software/present.ts';
import { renderSoftware } from '../../cli/software/tables.ts';
import { terminalWidth } from '../../cli/table.ts';

export default class SoftwareList extends FleetCommand {
  static override summary = 'List software instances with their current state.';
  static override examples = [
    '<%= config.bin %> software list my-company/pc-1',
    '<%= config.bin %> software list --health red,yellow',
    '<%= config.bin %> software list --search gateway --json',
  ];
  static override args = {
    path: string({ description: 'Only of this customer, or of this customer/machine.' }),
  };
  static override flags = fleetListFlags;

  override async run() {
    const { args, flags } = await this.parse(SoftwareList);
    const { listSoftware } = await import('../../db/software.ts');
    const path = args.path === undefined ? undefined : parsePath(args.path, { least: 1, most: 2 });
    const db = await this.read();
    const { search, health, all: isAll } = flags;
    const { nowMs } = this;
    const filter = { ...path, search, health, includeDeactivated: isAll, nowMs };
    const page = await listSoftware(db, filter, flags);
    if (page.items.length === 0) {
      await explainEmptyList(db, path, { isFiltered: (search ?? health) !== undefined, isAll });
    } else {
      this.print(() => renderSoftware(page.items, { nowMs, width: terminalWidth() }));
    }
    notePage(page, page.total);
    return mapPage(page, toSoftwareJson);
  }
}
