import { string } from '@oclif/core/flags';
import { DiagnosticCommand } from '../../cli/diagnostics/command.ts';
import { toDiagnosticJson } from '../../cli/diagnostics/present.ts';
import { moduleFlag, targetArguments } from '../../cli/diagnostics/target.ts';
import { nameDiagnostic } from '../../domain/diagnostics/target.ts';
import { printable } from '../../domain/text/printable.ts';

export default class DiagnosticsClose extends DiagnosticCommand {
  static override summary = 'Close an open diagnostic that its device will not close itself.';
  static override description =
    'A device closes a diagnostic by reporting its code with severity 0; this is for those that never do. When the device reports it again it opens anew, unacknowledged. The history keeps who acknowledged it; where nobody had, whoever closes it.';
  static override examples = [
    '<%= config.bin %> diagnostics close my-company/pc-1/gateway 1003 --note "pump replaced"',
  ];
  static override args = targetArguments;
  static override flags = {
    module: moduleFlag,
    note: string({ description: 'What was done about it.', helpValue: '<text>' }),
  };

  override async run() {
    const { args, flags } = await this.parse(DiagnosticsClose);
    const { closeDiagnostic } = await import('../../ingest/operator/diagnostics.ts');
    const { path, code } = args;
    const { module, note } = flags;
    const { diagnostic } = await this.act(closeDiagnostic, { path, code, module, note });
    this.print(`closed ${printable(nameDiagnostic(diagnostic))} of ${path}`);
    return toDiagnosticJson(diagnostic);
  }
}
