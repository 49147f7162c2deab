/** A server that is broken on purpose: it answers before the commit, to prove that the accounting notices. */
import { once } from 'node:events';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { generateToken, hashToken } from '../../src/domain/tokens/token.ts';
import { Batcher } from '../../src/ingest/batcher.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { Acceptance } from '../../src/ingest/outcome.ts';
import { DEFAULT_REJECTION_LIMITS } from '../../src/ingest/recorder.ts';
import { createLocalWriter } from '../../src/ingest/writer/local-writer.ts';
import { createApp } from '../../src/server/app.ts';
import { ByteBudget } from '../../src/server/byte-budget.ts';
import { listen, urlOf } from '../../src/server/listen.ts';

const ACCEPTED: Acceptance = {
  ok: true,
  accepted: 1,
  isDuplicate: false,
  warnings: [],
  tokenExpiresAtMs: null,
};

export interface CarelessServer {
  url: string;
  token: string;
  /** Ends the server as a SIGKILL would: what waits for its commit is never committed. */
  kill: () => Promise<void>;
  listStored: () => Promise<string[]>;
}

/** Starts the broken server on a new database with the customer `acme`. */
export async function startCarelessServer(database: string): Promise<CarelessServer> {
  const db = await openAndMigrateDatabase(parseLocation(database));
  const token = await createAcme(db);
  const options = { db, clock: Date.now, limits: DEFAULT_INGEST_LIMITS };
  const rejectionLimits = DEFAULT_REJECTION_LIMITS;
  const writer = await createLocalWriter({ ...options, node: 'careless', rejectionLimits });
  let isKilled = false;
  const commit: typeof writer.commit = async (requests) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return isKilled ? [] : await writer.commit(requests);
  };
  const batcher = new Batcher({ commit }, { onFailure: () => undefined });
  const ignore = () => undefined;
  const app = createApp({
    ...options,
    submit: async (request) => {
      void batcher.submit(request);
      return ACCEPTED;
    },
    submitBatch: () => Promise.reject(new Error('it takes no batches')),
    record: ignore,
    count: ignore,
    skip: ignore,
    uploads: new ByteBudget(options.limits.uploadBytes),
    onError: ignore,
    findUnreadiness: async () => null,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    url: urlOf(server),
    token,
    kill: async () => {
      isKilled = true;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    listStored: async () => {
      await batcher.drain();
      const rows = await db.selectFrom('machine').select('machine').execute();
      await writer.close();
      return rows.map(({ machine }) => machine);
    },
  };
}

async function createAcme(db: Awaited<ReturnType<typeof openAndMigrateDatabase>>): Promise<string> {
  const { id, token } = generateToken();
  const customer = { slug: 'acme', name: 'Acme', email: null, phone: null, parent: null };
  const unlimited = { overdue_after_ms: null, machine_limit: null, deactivated_at: null };
  await db
    .insertInto('customer')
    .values({ ...customer, ...unlimited, created_at: 0 })
    .execute();
  const lasting = { created_at: 0, expires_at: null, revoked_at: null, replaces: null, name: null };
  const secret_hash = hashToken(token);
  await db
    .insertInto('token')
    .values({ id, customer: 'acme', secret_hash, ...lasting })
    .execute();
  return token;
}
