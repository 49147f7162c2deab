import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { renderRejection } from '../../cli/rejections/page.ts';
import { completeHint, toRejectionJson } from '../../cli/rejections/present.ts';
import { terminalWidth } from '../../cli/table.ts';
import { FleetError } from '../../domain/errors.ts';
import { suggestSimilar } from '../../domain/text/suggest.ts';

export default class RejectionsShow extends FleetCommand {
  static override summary = 'Show everything about one rejection, and what to do next.';
  static override examples = ['<%= config.bin %> rejections show 01hzy8k2q4v7m3x'];
  static override args = {
    id: string({ required: true, description: 'Id, as the list gives it.' }),
  };

  override async run() {
    const { args } = await this.parse(RejectionsShow);
    const { getRejection, listRejectionIds } = await import('../../db/rejections/queries.ts');
    const db = await this.read();
    const id = args.id.toLowerCase();
    const entry = await getRejection(db, id);
    if (!entry) throw explainMissing(args.id, await listRejectionIds(db));
    const shown = completeHint(entry, (command) => this.repeatLocation(command));
    this.print(renderRejection(shown, { nowMs: this.nowMs, width: terminalWidth() }));
    return toRejectionJson(shown);
  }
}

function explainMissing(id: string, known: readonly string[]): FleetError {
  const similar = suggestSimilar(id, known);
  const ending = similar === null ? '; it may have been cleared.' : `; did you mean ${similar}?`;
  return new FleetError('not_found', `There is no rejection ${id}${ending}`, {
    hint: 'fleet rejections list',
  });
}
