import { afterEach, describe, expect, it } from 'vitest';
import { REASONS, type Reason } from '../../src/domain/rejections/reasons.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import { refuse } from '../../src/ingest/outcome.ts';
import type { AppServices } from '../../src/server/context.ts';
import {
  ACCEPTED,
  AUTHORIZED,
  createObservedApp as createApp,
  NOW_MS,
  type PostInit,
  streamOf,
  TOKEN,
} from '../support/observed-app.ts';

const DAY_MS = 86_400_000;
const BODY_BYTES = 100;
const PATH = '/api/ingest/acme/m1/app/heartbeat';

function createObservedApp(options: Partial<AppServices> = {}) {
  const wire = { ...DEFAULT_INGEST_LIMITS.wire, bodyBytes: BODY_BYTES };
  return createApp({ limits: { ...DEFAULT_INGEST_LIMITS, wire }, ...options });
}

let { app, seen } = createObservedApp();
afterEach(() => {
  ({ app, seen } = createObservedApp());
});

function post(path = PATH, init: PostInit = {}) {
  const headers = { ...AUTHORIZED, ...init.headers };
  return app.request(path, { method: 'POST', body: '{}', ...init, headers });
}

describe('the order of the reasons', () => {
  /** From the one that is decided first on; each is what is wrong with a request, as far as it goes. */
  const FAULTS: {
    reason: Reason;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
  }[] = [
    { reason: 'unknown_endpoint', path: '/api/ingest/A_B/m1/app/heartbeats' },
    { reason: 'payload_too_large', body: ' '.repeat(BODY_BYTES + 1) },
    { reason: 'unsupported_encoding', headers: { 'content-encoding': 'br' } },
    { reason: 'invalid_slug', path: '/api/ingest/A_B/m1/app/heartbeat' },
    { reason: 'token_missing', headers: { authorization: 'Bearer' } },
  ];

  it.each(FAULTS.map((fault, index) => ({ ...fault, later: FAULTS.slice(index) })))(
    'answers $reason before all that follow',
    async ({ reason, later }) => {
      const headers = Object.assign({}, ...later.map((fault) => fault.headers));
      const path = later.find((fault) => fault.path)?.path;
      const body = later.find((fault) => fault.body)?.body ?? '{}';
      const response = await post(path, { headers, body });
      expect(await response.json()).toMatchObject({ reason });
      expect(response.status).toBe(REASONS[reason].status);
      expect(seen.recorded.map((refused) => refused.reason)).toEqual([reason]);
      expect(seen.submitted).toEqual([]);
    },
  );

  it('leaves the token and the body to the commit, the body as it was sent', async () => {
    const body = '\u0000 no JSON';
    expect((await post(PATH, { body })).status).toBe(200);
    expect(seen.submitted).toHaveLength(1);
    const [request] = seen.submitted;
    expect(request).toMatchObject({ customer: 'acme', machine: 'm1', software: 'app' });
    expect(request).toMatchObject({ endpoint: 'heartbeat', bearer: TOKEN, isGzip: false });
    expect(Buffer.from(request?.body ?? []).toString()).toBe(body);
  });

  it('keeps nothing of a body whose token is missing', async () => {
    await post(PATH, { headers: { authorization: '' }, body: '{"secret":"x"}' });
    expect(seen.recorded).toMatchObject([{ reason: 'token_missing', payload: null }]);
    expect(JSON.stringify(seen.recorded)).not.toContain('secret');
  });
});

describe('a refusal', () => {
  it('is problem details of RFC 9457 with a request id', async () => {
    const response = await post(PATH, { headers: { authorization: '' } });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'urn:fleet:reason:token_missing',
      title: REASONS.token_missing.title,
      status: 401,
      detail: expect.stringMatching(/\.$/),
      reason: 'token_missing',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  const errors = [{ path: 'items[3].severity', message: 'must be 0, 1 or 2' }];
  it.each(Object.keys(REASONS) as Reason[])(
    '%s has its status and headers, and is logged or counted',
    async (reason) => {
      ({ app, seen } = createObservedApp({
        submit: async () => refuse(reason, 'Because.', { errors, tokenId: 'abc' }),
      }));
      const response = await post();
      const { status, logged } = REASONS[reason];
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ reason, detail: 'Because.', errors });
      expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
      expect(response.headers.has('retry-after')).toBe(status === 503 || status === 429);
      expect([seen.recorded.length, seen.counted]).toEqual(logged ? [1, 0] : [0, 1]);
    },
  );

  it('spreads Retry-After over some seconds', async () => {
    ({ app } = createObservedApp({ submit: async () => refuse('overloaded', 'Too much.') }));
    const answers = await Promise.all(Array.from({ length: 100 }, () => post()));
    const seconds = new Set(answers.map(({ headers }) => Number(headers.get('retry-after'))));
    expect(seconds.size).toBeGreaterThan(3);
    for (const each of seconds) expect(each).toBeGreaterThanOrEqual(1);
  });

  it.each(['customer', 'machine', 'software'])('names the %s as what is no slug', async (name) => {
    const parts = { customer: 'acme', machine: 'm1', software: 'app', [name]: 'No_Slug' };
    const path = `/api/ingest/${parts.customer}/${parts.machine}/${parts.software}/status`;
    const { detail } = (await (await post(path)).json()) as { detail: string };
    expect(detail).toContain(`The ${name} in the path`);
    expect(seen.recorded).toMatchObject([{ ...parts, endpoint: 'status', httpStatus: 400 }]);
  });
});

describe('the rejection log', () => {
  it('is told the bearer, so that the path can be redacted of it', async () => {
    await post(`/api/ingest/${TOKEN}_/m1/app/heartbeat`);
    expect(seen.recorded).toMatchObject([{ reason: 'invalid_slug', bearer: TOKEN }]);
  });

  const HEADERS = [
    TOKEN,
    `"Bearer ${TOKEN}`,
    `Bearer: ${TOKEN}`,
    `Bearer=${TOKEN}`,
    `Token ${TOKEN}`,
  ];
  it.each(HEADERS)('is told what was presented also in the malformed header %s', async (header) => {
    await post(PATH, { headers: { authorization: header } });
    expect(seen.recorded).toMatchObject([{ reason: 'token_missing', bearer: TOKEN }]);
  });

  it.each(['', 'Bearer', 'bearer '])(
    'is told no bearer where the header %j holds none',
    async (header) => {
      await post(PATH, { headers: { authorization: header } });
      expect(seen.recorded[0]?.bearer).toBeUndefined();
    },
  );

  it.each([
    ['a refused message', `${PATH}?token=hidden`],
    ['an unknown endpoint', '/api/ingest/acme/m1/app/beat?token=hidden'],
    ['an unknown path', '/heartbeat?token=hidden'],
  ])('gets nothing of the query of %s', async (_, path) => {
    await post(path, { headers: { 'content-encoding': 'br' } });
    expect(seen.recorded).toHaveLength(1);
    expect(JSON.stringify(seen.recorded)).not.toContain('hidden');
  });
});

describe('a body', () => {
  it('is taken up to the limit', async () => {
    expect((await post(PATH, { body: ' '.repeat(BODY_BYTES) })).status).toBe(200);
    expect(seen.submitted[0]?.body).toHaveLength(BODY_BYTES);
  });

  it('is refused by its declared length alone', async () => {
    const headers = { 'content-length': String(BODY_BYTES + 1) };
    expect((await post(PATH, { headers, ...streamOf(new Error('was read')) })).status).toBe(413);
    expect(seen.errors).toEqual([]);
  });

  it('without a length is cut off as soon as it exceeds the limit', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(Buffer.alloc(BODY_BYTES / 2)),
    });
    const response = await post(PATH, { ...streamOf(), body: endless });
    expect(response.status).toBe(413);
    expect(seen.errors).toEqual([]);
  });

  it('without a length is put together of its chunks', async () => {
    expect((await post(PATH, streamOf('{"ver', 'sion":"1"}'))).status).toBe(200);
    expect(Buffer.from(seen.submitted[0]?.body ?? []).toString()).toBe('{"version":"1"}');
  });

  it('may be absent', async () => {
    expect((await post(PATH, { body: null })).status).toBe(200);
    expect(seen.submitted[0]?.body).toHaveLength(0);
  });

  it.each([
    ['gzip', true],
    [' GZIP ', true],
    ['identity', false],
    ['', false],
  ])('in the encoding %j is passed on, packed: %s', async (encoding, isGzip) => {
    expect((await post(PATH, { headers: { 'content-encoding': encoding } })).status).toBe(200);
    expect(seen.submitted).toMatchObject([{ isGzip }]);
  });

  it('that breaks off is only counted: no error, no entry in the log, no 5xx', async () => {
    const response = await post(PATH, streamOf('{', new Error('connection reset')));
    expect(response.status).toBe(400);
    expect(await response.text()).toBe('');
    expect(seen).toMatchObject({ submitted: [], recorded: [], errors: [], counted: 1 });
  });
});

describe('an accepted message', () => {
  it('is acknowledged with what was accepted and nothing else', async () => {
    const response = await post();
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({ ok: true, accepted: 1 });
    expect(seen).toMatchObject({ recorded: [], counted: 0 });
  });

  it('says that it was a duplicate, and what it was warned of', async () => {
    const outcome = { ...ACCEPTED, isDuplicate: true, warnings: ['unknown field'] };
    ({ app } = createObservedApp({ submit: async () => outcome }));
    expect(await (await post()).json()).toEqual({
      ok: true,
      accepted: 1,
      duplicate: true,
      warnings: ['unknown field'],
    });
  });

  it.each([
    ['never', null, null],
    ['in 31 days', NOW_MS + 31 * DAY_MS, null],
    ['a millisecond after 30 days', NOW_MS + 30 * DAY_MS + 1, null],
    ['in 30 days', NOW_MS + 30 * DAY_MS, '2026-01-31T00:00:00'],
    ['in a day', NOW_MS + DAY_MS, '2026-01-02T00:00:00'],
  ])('of a token that expires %s says so only within 30 days', async (_, expiresAtMs, expected) => {
    const outcome = { ...ACCEPTED, tokenExpiresAtMs: expiresAtMs };
    ({ app } = createObservedApp({ submit: async () => outcome }));
    const header = (await post()).headers.get('fleet-token-expires');
    if (expected === null) expect(header).toBeNull();
    else expect(header).toMatch(new RegExp(`^${expected}(\\.000)?Z$`));
  });
});

describe('a path', () => {
  it.each([
    ['repeated slashes', '//api///ingest/acme//m1/app/heartbeat'],
    ['a trailing slash', `${PATH}/`],
    ['trailing slashes', `${PATH}///`],
    ['trailing slashes and a query', `${PATH}//?a=//`],
    ['percent-encoded slugs', '/api/ingest/%61cme/m%31/app/heartbeat'],
  ])('is forgiven %s', async (_, path) => {
    expect(
      (await app.request(`http://localhost${path}`, { method: 'POST', headers: AUTHORIZED }))
        .status,
    ).toBe(200);
    expect(seen.submitted).toMatchObject([{ customer: 'acme', machine: 'm1', software: 'app' }]);
  });

  it.each(['ac%2Fme', 'acme%00', 'ac%zzme', '%ff', 'acme%20', '%E2%80%AE', '..%2f'])(
    'with %s as a slug is refused as no slug',
    async (slug) => {
      const response = await post(`/api/ingest/${slug}/m1/app/heartbeat`);
      expect(await response.json()).toMatchObject({ status: 400, reason: 'invalid_slug' });
    },
  );
});

describe('an unknown endpoint', () => {
  it.each([
    '/api/ingest',
    '/api/ingest/',
    '/api/ingest/acme',
    '/api/ingest/acme/m1/app',
    '/api/ingest/acme/m1/app/heartbeats',
    '/api/ingest/acme/m1/app/heartbeat/more',
  ])(
    '%s is logged with and without a token, and answered with the endpoints there are',
    async (path) => {
      for (const headers of [AUTHORIZED, {}]) {
        const response = await app.request(path, { method: 'POST', headers });
        const answer = (await response.json()) as { detail: string };
        expect(answer).toMatchObject({ status: 404, reason: 'unknown_endpoint' });
        expect(answer.detail).toContain(
          'POST /api/ingest/{customer}/{machine}/{software}/heartbeat',
        );
      }
      expect(seen.recorded).toHaveLength(2);
    },
  );

  it('is logged with the slugs that the path has', async () => {
    await post('/api/ingest/acme/m1/app/beat/it');
    expect(seen.recorded).toMatchObject([
      { customer: 'acme', machine: 'm1', software: 'app', endpoint: 'beat/it', httpStatus: 404 },
    ]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])(
    'is one whose method is %s',
    async (method) => {
      const response = await app.request(PATH, { method, headers: AUTHORIZED });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(seen.recorded).toMatchObject([{ reason: 'unknown_endpoint', httpStatus: 405 }]);
    },
  );

  it.each(['/', '/heartbeat', '/api', '/api/ingestion/acme', '/wp-login.php'])(
    '%s outside of /api/ingest is logged only with a bearer',
    async (path) => {
      expect((await app.request(path, { method: 'POST' })).status).toBe(404);
      expect(
        (await app.request(path, { method: 'POST', headers: { authorization: 'Basic eA==' } }))
          .status,
      ).toBe(404);
      expect(seen).toMatchObject({ recorded: [], counted: 0 });
      expect((await post(path)).status).toBe(404);
      expect(seen.recorded).toMatchObject([{ reason: 'unknown_endpoint', customer: '', path }]);
    },
  );
});

describe('an error in the server', () => {
  it('is answered without anything of the inside, logged once, and counted', async () => {
    const error = new Error('SQLITE_CORRUPT in /var/lib/fleet');
    ({ app, seen } = createObservedApp({ submit: () => Promise.reject(error) }));
    const response = await post();
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const text = await response.text();
    expect(text).not.toMatch(/SQLITE|var|stack|Error:/);
    const { request_id } = JSON.parse(text);
    expect(seen.errors).toEqual([{ error, requestId: request_id }]);
    expect(seen).toMatchObject({ recorded: [], counted: 1 });
  });
});

describe('the probes', () => {
  const PROBES = ['/healthz', '/readyz'];
  it.each(PROBES)('%s answers GET and HEAD, and nothing else', async (path) => {
    expect(await (await app.request(path)).json()).toEqual({ ok: true });
    const head = await app.request(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const posted = await app.request(path, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(seen).toMatchObject({ recorded: [], counted: 0 });
  });

  it('sends traffic elsewhere while the server is not ready, but lives', async () => {
    ({ app } = createObservedApp({ findUnreadiness: async () => 'The server is stopping.' }));
    const response = await app.request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ok: false, detail: 'The server is stopping.' });
    expect((await app.request('/healthz')).status).toBe(200);
  });
});
