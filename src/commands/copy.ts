import { string } from '@oclif/core/flags';
import { FleetCommand } from '../cli/base-command.ts';
import type { Locations } from '../cli/copy/sides.ts';
import { resolveLocation } from '../cli/database.ts';
import { FleetError } from '../domain/errors.ts';
import { countNoun } from '../domain/text/count.ts';
import { quoteWord } from '../domain/text/shell-word.ts';

export default class Copy extends FleetCommand {
  static override summary = 'Copy a whole installation into another database.';
  static override description =
    'From SQLite to PostgreSQL, back, or to another of the same kind. Stop all servers first: while one is at work, the copy is refused. The target must be empty; a file is created. Interrupted at any moment, the same command goes on where it was. In the end both databases are read through and compared, table by table; the source is left as it is.';
  static override examples = [
    '<%= config.bin %> copy --to postgres://fleet@db.example.com/fleet',
    '<%= config.bin %> copy --from postgres://fleet@db.example.com/fleet --to fleet.db',
    '<%= config.bin %> copy --from fleet.db --to postgres://fleet@db.example.com/fleet --json',
  ];
  static override flags = {
    from: string({
      description:
        'SQLite file or postgres:// URL (without a password) to copy; if absent, the database that the other commands use.',
      helpValue: '<file or URL>',
    }),
    to: string({
      required: true,
      description: 'SQLite file or postgres:// URL (without a password) to copy into.',
      helpValue: '<file or URL>',
    }),
  };

  override async run() {
    const locations = await this.#findLocations();
    const { withSides } = await import('../cli/copy/sides.ts');
    const { runCopy } = await import('../cli/copy/run.ts');
    const { renderCopied } = await import('../cli/copy/present.ts');
    const { nowMs, noteCreated: onCreate } = this;
    return await withSides(locations, { nowMs, onCreate }, async (sides) => {
      const { resumed, tables } = await runCopy(sides, { quiet: this.jsonEnabled() });
      const [from, to] = [sides.from.where, sides.to.where];
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      this.print(renderCopied(tables));
      this.note(
        `Copied ${countNoun(rows, 'row')} from ${from} to ${to}; both were read and are alike.`,
      );
      this.note(`Next: fleet serve --database ${quoteWord(to)}`);
      return { from, to, resumed, rows, tables };
    });
  }

  async #findLocations(): Promise<Locations> {
    const { flags, raw } = await this.parse(Copy);
    const hasDatabaseFlag = raw.some((token) => token.type === 'flag' && token.flag === 'database');
    if (flags.from !== undefined && hasDatabaseFlag) {
      throw new FleetError('usage', 'Give --from or --database, not both: each names the source.');
    }
    const locate = (flag: '--from' | '--to', text: string) =>
      resolveLocation({ text, isFromFlag: true, flag });
    const from = flags.from === undefined ? this.location : locate('--from', flags.from);
    return { from, to: locate('--to', flags.to) };
  }
}
