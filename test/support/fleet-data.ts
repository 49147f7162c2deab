/** A database with customers and tokens, and the requests that devices send with them. */
import type { Kysely } from 'kysely';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import type { Customer, Database, Token } from '../../src/db/schema.ts';
import type { Interval } from '../../src/domain/time/observed.ts';
import { generateToken, hashToken, hashTokenHex } from '../../src/domain/tokens/token.ts';
import { type CommitContext, commitBatch } from '../../src/ingest/commit.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import { NodeLog } from '../../src/ingest/node-log.ts';
import type { BatchAcceptance, BatchOutcome, Outcome } from '../../src/ingest/outcome.ts';
import type { BatchRequest, IngestRequest, MessageRequest } from '../../src/ingest/request.ts';
import { Turns } from '../../src/ingest/turns.ts';
import type { MessageKind } from '../../src/protocol/messages.ts';
import { createTestDatabase, type Dialect } from './databases.ts';
import { T0 } from './instance-model.ts';

export interface FleetDatabase {
  db: Kysely<Database>;
  /** A further connection to the same database, as of another process. */
  connect(): Promise<Kysely<Database>>;
  drop(): Promise<void>;
}

/** A migrated database of its own; `drop` also closes its connections. */
export async function createFleetDatabase(
  dialect: Dialect,
  create = () => createTestDatabase(dialect),
): Promise<FleetDatabase> {
  const { url, drop } = await create();
  const opened: Kysely<Database>[] = [];
  const connect = async () => {
    const db = await openAndMigrateDatabase(parseLocation(url));
    opened.push(db);
    return db;
  };
  return {
    db: await connect(),
    connect,
    drop: async () => {
      await Promise.all(opened.map((db) => db.destroy()));
      await drop();
    },
  };
}

/** Inserts a customer with defaults for what is not given, and returns its slug. */
export async function addCustomer(
  db: Kysely<Database>,
  slug: string,
  changes: Partial<Customer> = {},
): Promise<string> {
  const nothing = { email: null, phone: null, parent: null, deactivated_at: null };
  const limits = { overdue_after_ms: null, machine_limit: null };
  const row = { slug, name: slug, created_at: T0, ...nothing, ...limits, ...changes };
  await db.insertInto('customer').values(row).execute();
  return slug;
}

/** Inserts a token of the customer, and returns its public id and itself. */
export async function addToken(
  db: Kysely<Database>,
  customer: string,
  changes: Partial<Token> = {},
): Promise<{ id: string; token: string }> {
  const { id, token } = generateToken();
  const nothing = { name: null, expires_at: null, revoked_at: null, replaces: null };
  const row = { id, customer, secret_hash: hashToken(token), created_at: T0, ...nothing };
  await db
    .insertInto('token')
    .values({ ...row, ...changes })
    .execute();
  return { id, token };
}

export interface RequestOptions extends Partial<Omit<MessageRequest, 'endpoint' | 'body'>> {
  /** `customer/machine/software`. */
  path?: string;
  /** Sent as JSON; text and bytes as they are. */
  payload?: unknown;
}

/** A request that a device sends with the token. */
export function buildRequest(
  token: string,
  endpoint: MessageKind,
  { path = 'my-company/press-1/line-control', payload = {}, ...others }: RequestOptions = {},
): MessageRequest {
  const [customer = '', machine = '', software = ''] = path.split('/');
  return {
    ...{ endpoint, customer, machine, software },
    tokenHash: hashTokenHex(token),
    bearer: token,
    body: toBytes(payload),
    isGzip: false,
    receivedAtMs: T0,
    address: '192.0.2.1',
    ...others,
  };
}

/** A batch that a gateway sends with the token; lines are sent as JSON, text and bytes as they are. */
export function buildBatch(
  token: string,
  lines: readonly unknown[],
  others: Partial<Omit<BatchRequest, 'endpoint'>> = {},
): BatchRequest {
  const end = Buffer.from('\n');
  return {
    endpoint: 'batch',
    customer: 'my-company',
    tokenHash: hashTokenHex(token),
    bearer: token,
    body: Buffer.concat(lines.flatMap((line) => [toBytes(line), end])),
    isGzip: false,
    receivedAtMs: T0,
    address: '192.0.2.1',
    ...others,
  };
}

/** Commits one batch and returns what became of its lines; throws where it was refused as a whole. */
export async function commitLines(
  context: CommitContext,
  request: BatchRequest,
): Promise<BatchAcceptance> {
  const outcome = (await commitOne(context, request)) as BatchOutcome;
  if (!outcome.ok) throw new Error(`refused: ${outcome.detail}`);
  return outcome;
}

function toBytes(payload: unknown): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

/** What a commit needs, with the defaults of a server whose clock stands at T0. */
export function createContext(
  db: Kysely<Database>,
  { unobserved = [], ...changes }: Partial<CommitContext> & { unobserved?: Interval[] } = {},
): CommitContext {
  const clock = () => T0;
  const nodeLog = new NodeLog({
    node: 'node-1',
    startedAtMs: T0,
    overdueAfterMs: 300_000,
    unobserved,
  });
  const turns = new Turns();
  return { db, clock, nodeLog, turns, limits: DEFAULT_INGEST_LIMITS, memory: null, ...changes };
}

/** Commits one request and returns its outcome. */
export async function commitOne(context: CommitContext, request: IngestRequest): Promise<Outcome> {
  const [outcome] = await commitBatch(context, [request]);
  return outcome as Outcome;
}

/** 'accepted', or the reason of the refusal. */
export function reasonOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'no outcome';
  return outcome.ok ? 'accepted' : outcome.reason;
}

const FLEET_TABLES = {
  machine_count: ['customer'],
  machine: ['customer', 'machine'],
  instance: ['customer', 'machine', 'software'],
  instance_host: ['customer', 'machine', 'software'],
  instance_status: ['customer', 'machine', 'software'],
  diagnostic: ['customer', 'machine', 'software', 'code', 'module'],
  up_history: ['customer', 'machine', 'software', 'started_at'],
  status_history: ['customer', 'machine', 'software', 'started_at'],
  diagnostic_history: ['customer', 'machine', 'software', 'opened_at', 'code', 'module'],
} as const;

type FleetTable = keyof typeof FLEET_TABLES;
export type Dump = Record<FleetTable, object[]>;

/** Every row of fleet data of a customer, without its slug, by key. */
export async function dumpCustomer(db: Kysely<Database>, customer: string): Promise<Dump> {
  const entries = Object.entries(FLEET_TABLES).map(async ([table, key]) => {
    const query = key.reduce(
      (all, column) => all.orderBy(column as never),
      db
        .selectFrom(table as FleetTable)
        .selectAll()
        .where('customer', '=', customer),
    );
    const rows = await query.execute();
    return [table, rows.map(({ customer: _, ...row }) => row)];
  });
  return Object.fromEntries(await Promise.all(entries)) as Dump;
}

/** How many rows each table of fleet data has for a customer. */
export async function countRows(
  db: Kysely<Database>,
  customer: string,
): Promise<Record<FleetTable, number>> {
  const dump = Object.entries(await dumpCustomer(db, customer));
  return Object.fromEntries(dump.map(([table, rows]) => [table, rows.length])) as never;
}
