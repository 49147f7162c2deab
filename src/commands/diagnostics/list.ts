import { boolean } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import { diagnosticFilterFlags, pathArgument, toFilter } from '../../cli/diagnostics/filter.ts';
import { toDiagnosticJson } from '../../cli/diagnostics/present.ts';
import { renderDiagnostics } from '../../cli/diagnostics/table.ts';
import { pageFlags } from '../../cli/flags.ts';
import { mapPage, notePage } from '../../cli/paging.ts';
import { terminalWidth } from '../../cli/table.ts';

const USUAL_LIMIT = 100;

export default class DiagnosticsList extends FleetCommand {
  static override summary = 'List open diagnostics, the worst first.';
  static override description =
    'Errors that nobody has acknowledged come first, then acknowledged errors, then warnings; of each the one that was reported last. With --all closed ones are listed too, and all by time. --severity info shows what codes said last that are not open.';
  static override examples = [
    '<%= config.bin %> diagnostics list my-company/pc-1',
    '<%= config.bin %> diagnostics list --severity error --since 1h --json',
    '<%= config.bin %> diagnostics list my-company/pc-1/gateway --code 1003 --all',
  ];
  static override args = { path: pathArgument };
  static override flags = {
    ...diagnosticFilterFlags,
    all: boolean({ description: 'Also closed ones, and those of deactivated customers.' }),
    ...pageFlags,
  };

  override async run() {
    const { args, flags } = await this.parse(DiagnosticsList);
    const { countDiagnostics, listDiagnostics } = await import('../../db/diagnostics/queries.ts');
    const { nowMs } = this;
    const { all, limit = USUAL_LIMIT, cursor } = flags;
    const scope = { includeClosed: all, includeDeactivated: all, nowMs };
    const filter = { ...toFilter(args.path, flags), ...scope };
    const db = await this.read();
    const page = await listDiagnostics(db, filter, { limit, cursor });
    if (page.items.length === 0) {
      const { explainNoDiagnostics } = await import('../../cli/diagnostics/explain-empty.ts');
      await explainNoDiagnostics(db, filter);
    } else this.print(renderDiagnostics(page.items, { nowMs, width: terminalWidth() }));
    if (page.next_cursor !== null) notePage(page, await countDiagnostics(db, filter));
    return mapPage(page, toDiagnosticJson);
  }
}
