import { FleetCommand } from '../../cli/base-command.ts';
import { countFlag } from '../../cli/flags.ts';
import { listenForInterrupt } from '../../cli/interrupt.ts';
import { encodeJson, writeOut } from '../../cli/output.ts';
import { rejectionFilterFlags, toFilter } from '../../cli/rejections/filter.ts';
import { noteNotRecorded } from '../../cli/rejections/not-recorded.ts';
import { completeHint, toRejectionJson } from '../../cli/rejections/present.ts';
import { renderLine } from '../../cli/rejections/table.ts';
import { FleetError } from '../../domain/errors.ts';

export default class RejectionsTail extends FleetCommand {
  static override summary = 'Follow refused requests as they come in, until interrupted.';
  static override description =
    'A rejection that is repeated comes again under the same id with a higher count, at most once a second. With --json each line is one object.';
  static override examples = [
    '<%= config.bin %> rejections tail --customer my-company',
    '<%= config.bin %> rejections tail -n 0 --json',
  ];
  static override flags = {
    ...rejectionFilterFlags,
    last: countFlag({
      char: 'n',
      default: 10,
      max: 10_000,
      description: 'First show this many that are there already.',
    }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(RejectionsTail);
    const { followRejections } = await import('../../cli/rejections/follow.ts');
    const db = await this.read();
    await noteNotRecorded(db);
    const { signal, stop } = listenForInterrupt();
    const onAway = () => this.note('The database does not answer; trying again.');
    const options = { filter: toFilter(flags), last: flags.last, signal, onAway };
    try {
      for await (const entries of followRejections(db, options)) {
        for (const each of entries) {
          const entry = completeHint(each, (command) => this.repeatLocation(command));
          writeOut(this.jsonEnabled() ? encodeJson(toRejectionJson(entry)) : renderLine(entry));
        }
      }
    } finally {
      stop();
    }
    throw new FleetError('interrupted', 'Interrupted.');
  }
}
