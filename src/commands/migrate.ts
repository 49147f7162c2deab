import { FleetCommand } from '../cli/base-command.ts';
import { describeLocation } from '../db/connection/location.ts';
import type { Migrated } from '../db/connection/open.ts';

const SENTENCES = {
  created: 'was created with the schema',
  upgraded: 'was brought up to date; it has the schema',
  unchanged: 'is up to date; it has the schema',
} as const;

type Unchanged = Omit<Migrated, 'outcome'> & { outcome: 'unchanged' };

export default class Migrate extends FleetCommand {
  static override summary = 'Bring the schema of the database up to date, or create it.';
  static override description =
    'Servers do it when they start; this is for an upgrade that is to be seen to succeed before. A SQLite database is copied beside its file first; of PostgreSQL make a backup yourself. A database of a newer version is refused.';
  static override examples = [
    '<%= config.bin %> migrate',
    '<%= config.bin %> migrate --database postgres://fleet@db/fleet --json',
  ];

  override async run() {
    await this.parse(Migrate);
    const { openAndMigrateDatabase } = await import('../db/connection/open.ts');
    const { SCHEMA_VERSION } = await import('../db/migrations/index.ts');
    let done: Migrated | Unchanged = { outcome: 'unchanged', applied: [], backup: null };
    const onMigrate = (migrated: Migrated) => {
      done = migrated;
    };
    const db = await openAndMigrateDatabase(this.location, { onMigrate });
    await db.destroy();
    const database = describeLocation(this.location);
    this.print(`${database} ${SENTENCES[done.outcome]} ${SCHEMA_VERSION}.`);
    if (done.backup !== null) this.note(`As it was before, it is in ${done.backup}.`);
    return { database, schema: SCHEMA_VERSION, ...done };
  }
}
