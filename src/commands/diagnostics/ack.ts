import { string } from '@oclif/core/flags';
import { DiagnosticCommand } from '../../cli/diagnostics/command.ts';
import { toDiagnosticJson } from '../../cli/diagnostics/present.ts';
import { moduleFlag, targetArguments } from '../../cli/diagnostics/target.ts';
import { formatWhenKnown } from '../../cli/time.ts';
import { nameDiagnostic } from '../../domain/diagnostics/target.ts';
import { printable } from '../../domain/text/printable.ts';

export default class DiagnosticsAck extends DiagnosticCommand {
  static override summary = 'Acknowledge an open diagnostic: somebody takes care of it.';
  static override description =
    'An acknowledged error makes its instance yellow and no longer red. The acknowledgement ends when the severity rises, or when the diagnostic closes and comes again. To acknowledge again changes nothing, unless with another note, which replaces who, when and note.';
  static override examples = [
    '<%= config.bin %> diagnostics ack my-company/pc-1/gateway 1003 --note "spare part ordered"',
    '<%= config.bin %> diagnostics ack my-company/pc-1/gateway 1003 --module pump',
  ];
  static override args = targetArguments;
  static override flags = {
    module: moduleFlag,
    note: string({ description: 'What is being done about it.', helpValue: '<text>' }),
  };

  override async run() {
    const { args, flags } = await this.parse(DiagnosticsAck);
    const { acknowledgeDiagnostic } = await import('../../ingest/operator/diagnostics.ts');
    const { path, code } = args;
    const { module, note } = flags;
    const given = { path, code, module, note };
    const { diagnostic, changed } = await this.act(acknowledgeDiagnostic, given);
    const name = printable(nameDiagnostic(diagnostic));
    if (changed) this.print(`acknowledged ${name} of ${path}`);
    else {
      const when = formatWhenKnown(diagnostic.acknowledged_at, this.nowMs);
      this.note(`${name} was acknowledged by ${diagnostic.acknowledged_by} already, ${when}.`);
    }
    return toDiagnosticJson(diagnostic);
  }
}
