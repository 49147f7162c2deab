import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import { type BatchAcceptance, type LineRefusal, refuse } from '../../src/ingest/outcome.ts';
import { ByteBudget } from '../../src/server/byte-budget.ts';
import {
  ACCEPTED_BATCH,
  AUTHORIZED,
  createObservedApp,
  NOW_MS,
  type PostInit,
  streamOf,
  TOKEN,
} from '../support/observed-app.ts';

const PATH = '/api/ingest/acme/batch';
const { batchBytes, bodyBytes } = DEFAULT_INGEST_LIMITS.wire;
const KIB = 1024;

let { app, seen } = createObservedApp();
afterEach(() => {
  ({ app, seen } = createObservedApp());
});

function post(path = PATH, init: PostInit = {}) {
  const headers = { ...AUTHORIZED, ...init.headers };
  return app.request(path, { method: 'POST', body: '{}\n{}', ...init, headers });
}

const judge = (outcome: Partial<BatchAcceptance>) => {
  const submitBatch = async () => ({ ...ACCEPTED_BATCH, ...outcome }) as BatchAcceptance;
  ({ app, seen } = createObservedApp({ submitBatch }));
};

describe('a batch', () => {
  it('leaves the token and its lines to the commit', async () => {
    const response = await post(PATH, { headers: { 'content-encoding': 'gzip' } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true, accepted: 2, rejected: [] });
    expect(seen.batches).toMatchObject([
      { endpoint: 'batch', customer: 'acme', bearer: TOKEN, isGzip: true, receivedAtMs: NOW_MS },
    ]);
    expect(Buffer.from(seen.batches[0]?.body ?? []).toString()).toBe('{}\n{}');
    expect(seen).toMatchObject({ submitted: [], recorded: [], counted: 0, skipped: 0 });
  });

  it.each(['/api/ingest/acme/batch/', '//api/ingest//acme/batch'])(
    'is forgiven extra slashes: %s',
    async (path) => {
      const init = { method: 'POST', headers: AUTHORIZED };
      expect((await app.request(`http://localhost${path}`, init)).status).toBe(200);
      expect(seen.batches).toMatchObject([{ customer: 'acme' }]);
    },
  );

  it('may be larger than a message, up to its own limit', async () => {
    expect((await post(PATH, { body: ' '.repeat(bodyBytes + 1) })).status).toBe(200);
    expect((await post(PATH, { body: ' '.repeat(batchBytes) })).status).toBe(200);
    const headers = { 'content-length': String(batchBytes + 1) };
    expect((await post(PATH, { headers, ...streamOf(new Error('was read')) })).status).toBe(413);
    expect(seen.recorded).toMatchObject([
      { reason: 'payload_too_large', customer: 'acme', machine: '', endpoint: 'batch' },
    ]);
  });

  it.each([
    ['invalid_slug', '/api/ingest/A_B/batch', {}],
    ['token_missing', PATH, { authorization: '' }],
    ['unsupported_encoding', PATH, { 'content-encoding': 'br' }],
  ])('is refused as %s before anybody looks at its lines', async (reason, path, headers) => {
    expect(await (await post(path, { headers })).json()).toMatchObject({ reason });
    expect(seen.recorded).toMatchObject([{ reason, endpoint: 'batch', payload: null }]);
    expect(seen.batches).toEqual([]);
  });

  it.each(['GET', 'PUT', 'DELETE'])('is only posted, and not sent with %s', async (method) => {
    const response = await app.request(PATH, { method, headers: AUTHORIZED });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(seen.recorded).toMatchObject([
      { reason: 'unknown_endpoint', customer: 'acme', machine: '', endpoint: 'batch' },
    ]);
  });

  it('is among the endpoints that a wrong path is answered with', async () => {
    const { detail } = (await (await post('/api/ingest/acme/batches')).json()) as Refused;
    expect(detail).toContain('POST /api/ingest/{customer}/batch');
  });

  it('refused as a whole is answered and logged like a message', async () => {
    const submitBatch = async () => refuse('token_revoked', 'It was revoked.', { tokenId: 'abc' });
    ({ app, seen } = createObservedApp({ submitBatch }));
    const response = await post();
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(seen.recorded).toMatchObject([{ reason: 'token_revoked', endpoint: 'batch' }]);
  });

  it('says when its token expires soon, and what was ignored', async () => {
    judge({ tokenExpiresAtMs: NOW_MS + 1_000, warnings: ['line 1: ignored'] });
    const response = await post();
    expect(response.headers.get('fleet-token-expires')).toMatch(/^2026-01-01T00:00:01/);
    expect(await response.json()).toMatchObject({ warnings: ['line 1: ignored'] });
  });
});

interface Refused {
  detail: string;
}

describe('the lines that are refused', () => {
  const line = (number: number, more: Partial<LineRefusal> = {}): LineRefusal => ({
    ...refuse('invalid_payload', 'status is required.', { payload: '{}', tokenId: 'abc' }),
    ...{ line: number, machine: 'm1', software: 'app', kind: 'status' },
    ...more,
  });
  const answerOf = ({ line: number, reason, detail }: LineRefusal) => ({
    ...{ line: number, reason, detail },
  });

  it('are answered by number, and logged each for itself, with the number in the detail', async () => {
    const lines = [line(3), line(5, { kind: null, machine: '', reason: 'invalid_json' })];
    judge({ rejected: lines.map(answerOf), logged: lines });
    const answer = { ok: true, accepted: 2, rejected: lines.map(answerOf) };
    const response = await post();
    expect([response.status, await response.json()]).toEqual([200, answer]);
    expect(seen.recorded).toMatchObject([
      {
        ...{ customer: 'acme', machine: 'm1', software: 'app', endpoint: 'batch/status' },
        ...{ path: PATH, httpStatus: 422, bearer: TOKEN, payload: '{}', atMs: NOW_MS },
        detail: 'status is required. (Line 3 of the batch.)',
      },
      { machine: '', endpoint: 'batch', httpStatus: 400 },
    ]);
    expect(seen).toMatchObject({ counted: 0, skipped: 0 });
  });

  it('are counted where they are beyond the bound of the log or our own failures', async () => {
    const lines = [1, 2, 3].map((number) => line(number));
    const failed = [4, 5].map((number) => line(number, { reason: 'storage_unavailable' }));
    judge({ rejected: [...lines, ...failed].map(answerOf), logged: lines.slice(0, 1) });
    await post();
    expect([seen.recorded.length, seen.skipped, seen.counted]).toEqual([1, 2, 2]);
  });
});

describe('bodies that are arriving', () => {
  const HELD = 100 * KIB;
  const hold = (left: number) => {
    const uploads = new ByteBudget(HELD);
    uploads.take(HELD - left);
    ({ app, seen } = createObservedApp({ uploads }));
    return uploads;
  };
  const sized = (bytes: number) => ({ headers: { 'content-length': String(bytes) } });

  it('are refused as overloaded before they are read, where all together are too large', async () => {
    hold(50 * KIB);
    const response = await post(PATH, { ...sized(60 * KIB), ...streamOf(new Error('was read')) });
    expect(response.status).toBe(503);
    expect(response.headers.has('retry-after')).toBe(true);
    expect(await response.json()).toMatchObject({ reason: 'overloaded' });
    expect(seen).toMatchObject({ batches: [], errors: [], recorded: [], counted: 1 });
  });

  it('are cut off where their size was not known before', async () => {
    const uploads = hold(50 * KIB);
    const chunks = Array.from({ length: 10 }, () => ' '.repeat(20 * KIB));
    expect((await post(PATH, streamOf(...chunks))).status).toBe(503);
    expect(uploads.left).toBe(50 * KIB);
  });

  it('count only while they arrive, however that ends', async () => {
    const uploads = hold(50 * KIB);
    const large = ' '.repeat(40 * KIB);
    for (let turn = 0; turn < 3; turn++) {
      expect((await post(PATH, { body: large })).status).toBe(200);
      expect((await post(PATH, streamOf(large, new Error('reset')))).status).toBe(400);
    }
    expect(uploads.left).toBe(50 * KIB);
  });

  it('hold what has arrived and not what was announced', async () => {
    const uploads = hold(50 * KIB);
    const arrived = Promise.withResolvers<void>();
    const body = stallAfter(' '.repeat(26 * KIB), arrived.promise);
    const stalled = post(PATH, { ...streamOf(), ...sized(50 * KIB), body });
    await expect.poll(() => uploads.left).toBe(40 * KIB);
    arrived.resolve();
    await stalled;
    expect(uploads.left).toBe(50 * KIB);
  });

  it('do not hold up messages, which are small', async () => {
    hold(0);
    const init = { body: `{"os":"${'x'.repeat(10 * KIB)}"}` };
    expect((await post('/api/ingest/acme/m1/app/heartbeat', init)).status).toBe(200);
    expect((await post(PATH, init)).status).toBe(200);
    expect((await post(PATH, { body: ' '.repeat(20 * KIB) })).status).toBe(503);
  });
});

function stallAfter(text: string, end: Promise<void>): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(text)),
    pull: async (controller) => {
      await end;
      controller.close();
    },
  });
}
