import { diagnosticFilterFlags, pathArgument, toFilter } from '../../cli/diagnostics/filter.ts';
import { toDiagnosticJson } from '../../cli/diagnostics/present.ts';
import { renderLine } from '../../cli/diagnostics/table.ts';
import { lastFlag } from '../../cli/flags.ts';
import { FollowCommand } from '../../cli/follow-command.ts';

export default class DiagnosticsTail extends FollowCommand {
  static override summary = 'Follow diagnostics as they open, repeat and close, until interrupted.';
  static override description =
    'A diagnostic that is repeated, acknowledged or closed comes again, at most once a second. With --json each line is one object.';
  static override examples = [
    '<%= config.bin %> diagnostics tail my-company',
    '<%= config.bin %> diagnostics tail --severity error -n 0 --json',
  ];
  static override args = { path: pathArgument };
  static override flags = { ...diagnosticFilterFlags, last: lastFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(DiagnosticsTail);
    const { openDiagnosticLog } = await import('../../cli/diagnostics/log.ts');
    const filter = toFilter(args.path, flags);
    const { noteMissing } = await import('../../cli/diagnostics/explain-empty.ts');
    const db = await this.read();
    await noteMissing(db, filter);
    const log = openDiagnosticLog(db, filter, Date.now);
    await this.follow(log, { last: flags.last, toJson: toDiagnosticJson, renderLine });
  }
}
