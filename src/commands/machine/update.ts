import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { overdueFlag } from '../../cli/flags.ts';
import { parseMachinePath } from '../../cli/path-argument.ts';
import { describeMachineLimit } from '../../cli/software/limits.ts';
import { toMachineJson } from '../../cli/software/present.ts';
import { renderFields } from '../../cli/table.ts';

export default class MachineUpdate extends FleetCommand {
  static override summary = 'Change the overdue limit of a machine.';
  static override description =
    "Software on it that has a limit of its own keeps it; all other follows the machine's at once.";
  static override examples = [
    '<%= config.bin %> machine update my-company/pc-1 --overdue-after 15m',
    '<%= config.bin %> machine update my-company/pc-1 --overdue-after default',
  ];
  static override args = {
    machine: string({ required: true, description: 'As customer/machine.' }),
  };
  static override flags = {
    'overdue-after': overdueFlag({
      required: true,
      description:
        'Silence after which its software is overdue, such as 15m; default: as its customer has it.',
    }),
  };

  override async run() {
    const { args, flags } = await this.parse(MachineUpdate);
    const { setMachineOverdue } = await import('../../db/overdue-limits.ts');
    const path = parseMachinePath(args.machine);
    const overdueAfterMs = flags['overdue-after'];
    const item = await this.change((trx, change) =>
      setMachineOverdue(trx, { ...path, overdueAfterMs }, change),
    );
    this.print(
      renderFields([
        ['machine', `${item.customer}/${item.machine}`],
        ['overdue after', describeMachineLimit(item)],
      ]),
    );
    return toMachineJson(item);
  }
}
