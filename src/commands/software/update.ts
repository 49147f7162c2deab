import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { overdueFlag } from '../../cli/flags.ts';
import { parseSoftwarePath } from '../../cli/path-argument.ts';
import { describeSoftwareLimit } from '../../cli/software/limits.ts';
import { pathOf, toSoftwareJson } from '../../cli/software/present.ts';
import { renderFields } from '../../cli/table.ts';

export default class SoftwareUpdate extends FleetCommand {
  static override summary = 'Change the overdue limit of a software instance.';
  static override description = 'It goes before the limits of its machine and its customer.';
  static override examples = [
    '<%= config.bin %> software update my-company/pc-1/gateway --overdue-after 15m',
    '<%= config.bin %> software update my-company/pc-1/gateway --overdue-after default',
  ];
  static override args = {
    path: string({ required: true, description: 'As customer/machine/software.' }),
  };
  static override flags = {
    'overdue-after': overdueFlag({
      required: true,
      description:
        'Silence after which it is overdue, such as 15m; default: as its machine has it.',
    }),
  };

  override async run() {
    const { args, flags } = await this.parse(SoftwareUpdate);
    const { setSoftwareOverdue } = await import('../../db/overdue-limits.ts');
    const path = parseSoftwarePath(args.path);
    const overdueAfterMs = flags['overdue-after'];
    const item = await this.change((trx, change) =>
      setSoftwareOverdue(trx, { ...path, overdueAfterMs }, change),
    );
    this.print(
      renderFields([
        ['software', pathOf(item)],
        ['overdue after', describeSoftwareLimit(item)],
      ]),
    );
    return toSoftwareJson(item);
  }
}
