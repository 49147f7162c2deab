import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { mapPage, notePage } from '../../cli/paging.ts';
import { parsePath } from '../../cli/path-argument.ts';
import { explainEmptyList } from '../../cli/software/explain-empty.ts';
import { fleetListFlags } from '../../cli/software/flags.ts';
import { toMachineJson } from '../../cli/software/present.ts';
import { renderMachines } from '../../cli/software/tables.ts';
import { terminalWidth } from '../../cli/table.ts';

export default class MachineList extends FleetCommand {
  static override summary = 'List machines; they register by themselves with their first message.';
  static override examples = [
    '<%= config.bin %> machine list my-company',
    '<%= config.bin %> machine list --health red,yellow',
    '<%= config.bin %> machine list --search 10.0.0.5 --json',
  ];
  static override args = { customer: string({ description: 'Only of this customer.' }) };
  static override flags = fleetListFlags;

  override async run() {
    const { args, flags } = await this.parse(MachineList);
    const { listMachines } = await import('../../db/machines.ts');
    const path =
      args.customer === undefined ? undefined : parsePath(args.customer, { least: 1, most: 1 });
    const db = await this.read();
    const { search, health, all: isAll } = flags;
    const { nowMs } = this;
    const filter = { customer: path?.customer, search, health, includeDeactivated: isAll, nowMs };
    const page = await listMachines(db, filter, flags);
    if (page.items.length === 0) {
      await explainEmptyList(db, path, { isFiltered: (search ?? health) !== undefined, isAll });
    } else {
      this.print(() => renderMachines(page.items, { nowMs, width: terminalWidth() }));
    }
    notePage(page, page.total);
    return mapPage(page, toMachineJson);
  }
}
