import { FleetCommand } from '../cli/base-command.ts';
import { describeLocation } from '../db/location.ts';

export default class Migrate extends FleetCommand {
  static override summary = 'Bring the schema of the database up to date, or create it.';
  static override examples = ['<%= config.bin %> migrate'];

  override async run() {
    await this.parse(Migrate);
    const { openAndMigrateDatabase } = await import('../db/open.ts');
    const { SCHEMA_VERSION } = await import('../db/migrations/index.ts');
    const db = await openAndMigrateDatabase(this.location);
    await db.destroy();
    const database = describeLocation(this.location);
    this.print(`${database} has the schema ${SCHEMA_VERSION}`);
    return { database, schema: SCHEMA_VERSION };
  }
}
