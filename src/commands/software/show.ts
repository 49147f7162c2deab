import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { parseSoftwarePath } from '../../cli/path-argument.ts';
import { renderInstance } from '../../cli/software/pages.ts';
import { toSoftwareJson } from '../../cli/software/present.ts';

export default class SoftwareShow extends FleetCommand {
  static override summary = 'Show everything that is known of a software instance.';
  static override examples = ['<%= config.bin %> software show my-company/pc-1/gateway'];
  static override args = {
    path: string({ required: true, description: 'As customer/machine/software.' }),
  };

  override async run() {
    const { args } = await this.parse(SoftwareShow);
    const { getSoftware } = await import('../../db/software.ts');
    const { explainMissingPath } = await import('../../db/paths.ts');
    const path = parseSoftwarePath(args.path);
    const db = await this.read();
    const item = await getSoftware(db, path, this.nowMs);
    if (!item) throw await explainMissingPath(db, path);
    this.print(renderInstance(item, this.nowMs));
    return toSoftwareJson(item);
  }
}
