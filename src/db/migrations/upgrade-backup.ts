import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import type { Database } from '../schema.ts';

/**
 * Copies a SQLite database as it is before its schema is changed, beside the file and only readable
 * by its owner, and returns the path of the copy. It has its final name only when it is complete,
 * verified and synced; `vacuum into` does none of the latter.
 */
export async function backUpBeforeUpgrade(
  db: Kysely<Database>,
  { file, schema, nowMs }: { file: string; schema: string; nowMs: number },
): Promise<string> {
  const stamp = new Date(nowMs).toISOString().replace(/\D/g, '').slice(0, 14);
  const backup = `${file}.before-${schema}.${stamp}`;
  const unfinished = `${backup}.${process.pid}.tmp`;
  try {
    // An existing file must be empty; it is made beforehand for its permissions.
    closeSync(openSync(unfinished, 'wx', 0o600));
    chmodSync(unfinished, 0o600);
    await sql`vacuum into ${unfinished}`.execute(db);
    await verify(unfinished);
    syncPath(unfinished);
    renameSync(unfinished, backup);
    syncPath(dirname(backup));
    return backup;
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

async function verify(file: string): Promise<void> {
  const { default: SQLite } = await import('better-sqlite3');
  const copy = new SQLite(file, { readonly: true });
  const verdict = copy.pragma('quick_check', { simple: true });
  copy.close();
  if (verdict === 'ok') return;
  throw new FleetError('io', `The backup before the upgrade is damaged: ${verdict}.`, {
    hint: 'check the disk; the database was not changed',
  });
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
