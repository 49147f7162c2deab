import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { toHistoryJson } from '../../cli/history/present.ts';
import { parseSoftwarePath } from '../../cli/path-argument.ts';
import { renderInstance } from '../../cli/software/pages.ts';
import { toSoftwareJson } from '../../cli/software/present.ts';
import { terminalWidth } from '../../cli/table.ts';

export default class SoftwareShow extends FleetCommand {
  static override summary = 'Show everything that is known of a software instance.';
  static override examples = ['<%= config.bin %> software show my-company/pc-1/gateway'];
  static override args = {
    path: string({ required: true, description: 'As customer/machine/software.' }),
  };

  override async run() {
    const { args } = await this.parse(SoftwareShow);
    const { getSoftware } = await import('../../db/software.ts');
    const { readInstanceHistory } = await import('../../db/history/instance.ts');
    const { explainMissingPath } = await import('../../db/paths.ts');
    const path = parseSoftwarePath(args.path);
    const db = await this.read();
    const { nowMs } = this;
    const item = await getSoftware(db, path, nowMs);
    const history = await readInstanceHistory(db, path, { nowMs });
    if (!item || !history) throw await explainMissingPath(db, path);
    this.print(renderInstance(item, history, { nowMs, width: terminalWidth() }));
    return { ...toSoftwareJson(item), ...toHistoryJson(history) };
  }
}
