import type { Migration } from 'kysely/migration';
import * as initial from './0001-initial.ts';

/** Every migration by name. In code, not read from a folder, so that it works bundled, too. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-initial': initial,
};

/** The name of the schema that this program knows. */
export const SCHEMA_VERSION = Object.keys(MIGRATIONS).sort().at(-1) as string;
