import { lastFlag } from '../../cli/flags.ts';
import { FollowCommand } from '../../cli/follow-command.ts';
import { rejectionFilterFlags, toFilter } from '../../cli/rejections/filter.ts';
import { noteNotRecorded } from '../../cli/rejections/not-recorded.ts';
import { completeHint, toRejectionJson } from '../../cli/rejections/present.ts';
import { renderLine } from '../../cli/rejections/table.ts';
import type { RejectionEntry } from '../../db/rejections/entries.ts';

export default class RejectionsTail extends FollowCommand {
  static override summary = 'Follow refused requests as they come in, until interrupted.';
  static override description =
    'A rejection that is repeated comes again under the same id with a higher count, at most once a second. With --json each line is one object.';
  static override examples = [
    '<%= config.bin %> rejections tail --customer my-company',
    '<%= config.bin %> rejections tail -n 0 --json',
  ];
  static override flags = { ...rejectionFilterFlags, last: lastFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(RejectionsTail);
    const { openRejectionLog } = await import('../../cli/rejections/log.ts');
    const db = await this.read();
    await noteNotRecorded(db);
    const complete = (entry: RejectionEntry) =>
      completeHint(entry, (command) => this.repeatLocation(command));
    await this.follow(openRejectionLog(db, toFilter(flags)), {
      last: flags.last,
      toJson: (entry) => toRejectionJson(complete(entry)),
      renderLine: (entry) => renderLine(complete(entry)),
    });
  }
}
