/** A fleet in which every table has rows, with values that a copy could get wrong. */
import type { Kysely } from 'kysely';
import { COPIED_TABLES } from '../../src/db/copy/tables.ts';
import { registerNode, stopNode } from '../../src/db/nodes.ts';
import { writeRejections } from '../../src/db/rejections/write.ts';
import type { Database } from '../../src/db/schema.ts';
import type { MessageKind } from '../../src/protocol/messages.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
  reasonOf,
} from './fleet-data.ts';
import { HOUR, T0 } from './instance-model.ts';
import { createRejection } from './rejections.ts';

/** Texts that are refused, cut or read as something else where a copy is careless. */
export const AWKWARD_TEXTS = [
  '',
  ' ',
  '0',
  'null',
  '{"a":1}',
  '"quoted"',
  "o'clock",
  'back\\slash \\u0000 \\x00',
  'tab\tline\r\nend',
  'ÄÖÜ ß é ñ 日本語 🚜',
  '\u0001\u007f\u2028\ufeff',
  'x'.repeat(4096),
] as const;

const AWKWARD_NUMBERS = [0.1, 1e-7, 123456.789012345, 1e12, 3600, 2 ** 31, 0] as const;

/** Two episodes of everything, one of them closed. */
const LIFE: readonly (readonly [number, MessageKind, object])[] = [
  [0, 'heartbeat', { version: '1', uptime_seconds: 0.1, hostname: 'line-3', ips: ['10.0.0.5'] }],
  [0, 'status', { status: 'running', snapshot: { nul: '\0', deep: [1.5, null, ''] } }],
  [0, 'diagnostics', { items: [{ code: 1, message: 'a', severity: 2, context: { at: 0.1 } }] }],
  [HOUR, 'heartbeat', { version: '2' }],
  [HOUR, 'status', { status: 'stopped' }],
  [HOUR, 'diagnostics', { items: [{ code: 1, message: 'b', severity: 1 }] }],
];

const PATHS = ['press-1/app', 'press-1/watchdog', 'press-2/app', 'Press_3.local/app'];

/** Fills every table of the database; a server was at work on it, and has stopped. */
export async function fillEveryTable(db: Kysely<Database>): Promise<void> {
  await addFamily(db);
  for (const customer of ['acme', 'acme-2', 'Zeta']) await live(db, customer);
  await addAwkwardValues(db);
  await stopNode(db, { node: 'node-1', nowMs: T0 + 2 * HOUR, listeningSinceMs: T0 + HOUR });
}

/** Every row of every table, in an order that does not depend on the database. */
export async function dumpAll(db: Kysely<Database>): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {};
  for (const { name } of COPIED_TABLES) {
    const rows = await db.selectFrom(name).selectAll().execute();
    dump[name] = rows.map(renderRow).sort();
  }
  return dump;
}

function renderRow(row: object): string {
  const cells = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  ]);
  return JSON.stringify(Object.fromEntries(cells.sort()));
}

/** Parents that come behind their children by name. */
async function addFamily(db: Kysely<Database>): Promise<void> {
  await addCustomer(db, 'Zeta');
  await addCustomer(db, 'acme', { parent: 'Zeta', machine_limit: 2 ** 53 - 1 });
  await addCustomer(db, 'acme-2', { parent: 'acme', deactivated_at: null });
}

async function live(db: Kysely<Database>, customer: string): Promise<void> {
  const { token } = await addToken(db, customer);
  for (const path of PATHS) {
    for (const [afterMs, endpoint, payload] of LIFE) {
      const at = { receivedAtMs: T0 + afterMs, payload };
      const request = buildRequest(token, endpoint, { path: `${customer}/${path}`, ...at });
      const outcome = await commitOne(createContext(db), request);
      if (!outcome.ok) throw new Error(reasonOf(outcome));
    }
  }
}

async function addAwkwardValues(db: Kysely<Database>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const rows = AWKWARD_TEXTS.map((detail, index) =>
      createRejection({ digest: `${index}`, detail }),
    );
    await writeRejections(trx, rows, { nowMs: T0, limits: { maxRows: 1e6, maxBytes: 1e9 } });
    await registerNode(trx, { node: 'node-2', nowMs: T0, overdueAfterMs: 300_000 });
    await stopNode(trx, { node: 'node-2', nowMs: T0, listeningSinceMs: T0 });
    await registerNode(trx, { node: 'node-1', nowMs: T0 + HOUR, overdueAfterMs: 300_000 });
  });
  for (const [index, text] of AWKWARD_TEXTS.entries()) {
    const row = { id: `id-${index}`, at: T0, actor: text, action: text, customer: text };
    await db
      .insertInto('audit')
      .values({ ...row, subject: text, detail: text })
      .execute();
  }
  for (const [index, uptime_seconds] of AWKWARD_NUMBERS.entries()) {
    const path = PATHS[index % PATHS.length]?.split('/') ?? [];
    await db
      .updateTable('instance')
      .set({ uptime_seconds, host_digest: 2 ** 53 - 1 - index })
      .where('customer', '=', index < PATHS.length ? 'acme' : 'Zeta')
      .where('machine', '=', path[0] ?? '')
      .where('software', '=', path[1] ?? '')
      .execute();
  }
}
