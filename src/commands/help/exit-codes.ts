import { FleetCommand } from '../../cli/base-command.ts';
import type { ExitCodeJson } from '../../cli/schemas/exit-codes.ts';
import { type Column, renderTable } from '../../cli/table.ts';
import { ERRORS, EXIT_CODES } from '../../domain/errors.ts';

const COLUMNS: readonly Column<ExitCodeJson>[] = [
  { header: 'EXIT', value: ({ exit }) => exit, align: 'right' },
  { header: 'MEANING', value: ({ meaning }) => meaning },
  { header: 'CODE IN JSON ERRORS', value: ({ codes }) => codes.join(', ') },
];

export default class HelpExitCodes extends FleetCommand {
  static override summary = 'Show what each exit code means.';
  static override examples = [
    '<%= config.bin %> help exit-codes',
    '<%= config.bin %> help exit-codes --json',
  ];

  override async run() {
    await this.parse(HelpExitCodes);
    const items = Object.entries(EXIT_CODES).map(([text, meaning]) => {
      const exit = Number(text);
      const codes = Object.entries(ERRORS).filter(([, row]) => row.exit === exit);
      return { exit, meaning, codes: codes.map(([code]) => code) };
    });
    this.print(renderTable(COLUMNS, items));
    return { items, next_cursor: null };
  }
}
