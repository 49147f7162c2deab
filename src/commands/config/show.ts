import { FleetCommand } from '../../cli/base-command.ts';
import { describeSetting } from '../../cli/config/origins.ts';
import { mergeFiles } from '../../cli/config-file.ts';
import type { ConfigItemJson } from '../../cli/schemas/config.ts';
import { listSettings } from '../../cli/settings.ts';
import { type Column, renderTable, terminalWidth } from '../../cli/table.ts';

const COLUMNS: Column<ConfigItemJson>[] = [
  { header: 'SETTING', value: ({ key }) => key },
  { header: 'VALUE', value: ({ value }) => (value === null ? null : String(value)) },
  { header: 'FROM', value: ({ origin }) => origin },
];

export default class ConfigShow extends FleetCommand {
  static override summary = 'Show every setting, its value and where it comes from.';
  static override description =
    'A flag is stronger than a FLEET_* variable, a variable than a configuration file, a file than the default. A password of the database is left out.';
  static override examples = [
    '<%= config.bin %> config show',
    '<%= config.bin %> config show --config /etc/fleet/config.yaml --json',
  ];

  override async run() {
    const { raw } = await this.parse(ConfigShow);
    const flags = new Map(
      raw.flatMap((token) => (token.type === 'flag' ? [[token.flag, token.input] as const] : [])),
    );
    const files = mergeFiles(this.configFiles);
    const settings = listSettings(this.config, ConfigShow.baseFlags).values();
    const items = [...settings]
      .map((setting) => describeSetting(setting, { flags, env: process.env, files }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    this.print(renderTable(COLUMNS, items, { width: terminalWidth() }));
    return { items, next_cursor: null };
  }
}
