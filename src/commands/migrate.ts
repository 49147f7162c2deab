import { FleetCommand } from '../cli/base-command.ts';
import { describeLocation } from '../db/location.ts';

const SENTENCES = {
  created: 'was created with the schema',
  upgraded: 'was brought up to date; it has the schema',
  unchanged: 'is up to date; it has the schema',
} as const;

export default class Migrate extends FleetCommand {
  static override summary = 'Bring the schema of the database up to date, or create it.';
  static override description =
    'Servers do it when they start; this is for an upgrade that is to be seen to succeed before. A database of a newer version is refused.';
  static override examples = [
    '<%= config.bin %> migrate',
    '<%= config.bin %> migrate --database postgres://fleet@db/fleet --json',
  ];

  override async run() {
    await this.parse(Migrate);
    const { openAndMigrateDatabase } = await import('../db/open.ts');
    const { SCHEMA_VERSION } = await import('../db/migrations/index.ts');
    let outcome: keyof typeof SENTENCES = 'unchanged';
    let applied: string[] = [];
    const onMigrate = (migrations: string[], how: 'created' | 'upgraded') => {
      applied = migrations;
      outcome = how;
    };
    const db = await openAndMigrateDatabase(this.location, { onMigrate });
    await db.destroy();
    const database = describeLocation(this.location);
    this.print(`${database} ${SENTENCES[outcome]} ${SCHEMA_VERSION}.`);
    return { database, schema: SCHEMA_VERSION, outcome, applied };
  }
}
