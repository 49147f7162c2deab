import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { parseLocation } from '../../src/db/connection/location.ts';
import { DEFAULT_BATCHER_LIMITS } from '../../src/ingest/batcher.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import { DEFAULT_REJECTION_LIMITS } from '../../src/ingest/recorder.ts';
import { startServer } from '../../src/server/serve.ts';
import { createTestDatabase, DIALECTS } from '../support/databases.ts';
import { startSwallowingProxy } from '../support/swallowing-proxy.ts';

const start = (url: string, shutdownTimeoutMs: number) =>
  startServer({
    location: parseLocation(url),
    endpoint: { host: '127.0.0.1', port: 0 },
    tls: null,
    limits: DEFAULT_INGEST_LIMITS,
    rejectionLimits: DEFAULT_REJECTION_LIMITS,
    batcherLimits: DEFAULT_BATCHER_LIMITS,
    shutdownTimeoutMs,
    clock: Date.now,
    logger: pino({ level: 'silent' }),
    onDeath: () => undefined,
  });

describe.runIf(DIALECTS.includes('postgres'))('a server whose database says nothing', () => {
  it('gives up stopping at its limit, and says what that means', async () => {
    const database = await createTestDatabase('postgres');
    const proxy = await startSwallowingProxy(database.url);
    const server = await start(proxy.url, 500);
    proxy.swallow('all');
    const headers = { authorization: `Bearer ${randomUUID()}` };
    const path = '/api/ingest/my-company/press-1/app/heartbeat';
    const hanging = fetch(`${server.url}${path}`, { method: 'POST', headers }).catch(String);
    await expect(server.stop()).rejects.toMatchObject({
      code: 'failure',
      message: expect.stringContaining('not acknowledged'),
    });
    await hanging;
    await proxy.close();
    await database.drop();
  });
});
