/** A small fleet as data, to be put into a database: what somebody asks about with `fleet why`. */
import type { Kysely } from 'kysely';
import { type RecordedRejection, writeRejections } from '../../src/db/rejections/write.ts';
import type { Customer, Database, Instance, Token } from '../../src/db/schema.ts';
import { addCustomer, addToken } from './fleet-data.ts';
import { insertInstance } from './fleet-rows.ts';
import { DAY, SECOND, T0 } from './instance-model.ts';
import { createRejection } from './rejections.ts';

/** Now, in every scene. */
export const NOW = T0 + 1000 * DAY;

/** The token with which the instances of a scene speak. */
export const TOKEN = 'AbCdEfGh';

export interface Scene {
  /** `my-company`, if absent. */
  customers?: Readonly<Record<string, Partial<Customer>>>;
  /** One that never expires, if absent. */
  tokens?: readonly (Partial<Token> & { id: string })[];
  /** By path; heard ten seconds ago, if nothing else is said. */
  instances?: Readonly<Record<string, Partial<Instance>>>;
  /** Of `my-company/pc-1/app`, a minute ago, if nothing else is said. */
  rejections?: readonly Partial<RecordedRejection>[];
  server?: 'listens' | 'never ran' | { stoppedAt: number };
}

const TABLES = [
  ...(['rejection', 'diagnostic', 'instance_status', 'instance', 'machine'] as const),
  ...(['token_use', 'token', 'customer', 'node', 'unobserved'] as const),
];

/** Takes everything out of the database that a scene puts into it. */
export async function clearScene(db: Kysely<Database>): Promise<void> {
  for (const table of TABLES) await db.deleteFrom(table).execute();
}

export async function playScene(db: Kysely<Database>, scene: Scene): Promise<void> {
  const { customers = { 'my-company': {} }, tokens = [{ id: TOKEN }], instances = {} } = scene;
  for (const [slug, changes] of Object.entries(customers)) await addCustomer(db, slug, changes);
  for (const { customer = 'my-company', ...token } of tokens) {
    await addToken(db, customer, { created_at: NOW - 100 * DAY, ...token });
  }
  for (const [path, changes] of Object.entries(instances)) {
    const heardAt = { last_beat_at: NOW - 10 * SECOND, last_seen_at: NOW - 10 * SECOND };
    const times = { seenAtMs: NOW - DAY, up_since: NOW - DAY, token_id: TOKEN };
    await insertInstance(db, path, { ...times, ...heardAt, ...changes });
  }
  await writeLog(db, scene.rejections ?? []);
  await runServer(db, scene.server ?? 'listens');
}

async function writeLog(
  db: Kysely<Database>,
  rejections: readonly Partial<RecordedRejection>[],
): Promise<void> {
  const at = { first_at: NOW - 60 * SECOND, last_at: NOW - 60 * SECOND };
  const rows = rejections.map((changes, index) =>
    createRejection({ digest: `d${index}`, ...at, ...changes }),
  );
  const limits = { maxRows: 10_000, maxBytes: 1e9 };
  await db.transaction().execute((trx) => writeRejections(trx, rows, { nowMs: NOW, limits }));
}

async function runServer(
  db: Kysely<Database>,
  server: NonNullable<Scene['server']>,
): Promise<void> {
  if (server === 'never ran') return;
  const stopped_at = server === 'listens' ? null : server.stoppedAt;
  const counts = { accepted: 0, refused: 0, not_recorded: 0, overdue_after_ms: 300_000 };
  const times = { listening_since: NOW - 90 * DAY, last_alive_at: stopped_at ?? NOW, stopped_at };
  await db
    .insertInto('node')
    .values({ node: 'web-1:8443', ...times, ...counts })
    .execute();
}
