import { string } from '@oclif/core/args';
import { FleetCommand } from '../cli/base-command.ts';
import { parsePath, parseTarget } from '../cli/path-argument.ts';
import { noteNotRecorded } from '../cli/rejections/not-recorded.ts';
import { terminalWidth } from '../cli/table.ts';
import { renderExplanation } from '../cli/why/page.ts';
import { completeSteps, toWhyJson } from '../cli/why/present.ts';

export default class Why extends FleetCommand {
  static override summary = 'Say why a device does not show up, or is red, and what to do next.';
  static override description =
    'One verdict from all that is known: what was accepted and refused last, the token, the health, the server. The path need not exist. docs/why.md lists the verdicts.';
  static override examples = [
    '<%= config.bin %> why my-company/pc-1/my-app',
    '<%= config.bin %> why my-company/pc-1',
    '<%= config.bin %> why my-company --json',
  ];
  static override args = {
    path: string({
      required: true,
      description: 'As customer, customer/machine or customer/machine/software.',
    }),
  };

  override async run() {
    const { args } = await this.parse(Why);
    const { gatherEvidence } = await import('../db/why/evidence.ts');
    const { judgeEvidence } = await import('../domain/why/verdict.ts');
    const target = parseTarget(args.path);
    const db = await this.read();
    const evidence = await gatherEvidence(db, target, this.nowMs);
    // What is no path of slugs can still be what a device posts under.
    if (evidence.refusals.length === 0) parsePath(args.path, { least: 1, most: 3 });
    const explanation = { finding: judgeEvidence(evidence), evidence };
    const shown = completeSteps(explanation, (command) => this.repeatLocation(command));
    this.print(renderExplanation(shown, { width: terminalWidth() }));
    await noteNotRecorded(db);
    return toWhyJson(shown);
  }
}
