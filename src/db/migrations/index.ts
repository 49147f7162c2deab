import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.ts';

/** Migrations by name. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Every migration. In code, not read from a folder, so that it works bundled, too. */
export const MIGRATIONS: Migrations = {
  '0001-initial': initial,
};

/** The name of the schema that this program knows. */
export const SCHEMA_VERSION = nameLatest(MIGRATIONS);

/** The name of the schema that the migrations lead to. */
export function nameLatest(migrations: Migrations): string {
  return Object.keys(migrations).sort().at(-1) as string;
}
