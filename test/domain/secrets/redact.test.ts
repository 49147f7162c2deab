import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptPayload, redactText } from '../../../src/domain/secrets/redact.ts';
import { unescapeOnce } from '../../../src/domain/text/unescape.ts';
import { generateToken } from '../../../src/domain/tokens/token.ts';

const { token } = generateToken();

describe('redactText', () => {
  it.each([
    ['{"password":"hunter22","x":1}', '{"password":"[redacted]","x":1}'],
    ['{"x":1, "db_password" : "hunter22" }', '{"x":1, "db_password" : "[redacted]" }'],
    ['{"dbPassword":"hunter22"}', '{"dbPassword":"[redacted]"}'],
    ['{"PASSWD":"hunter22"}', '{"PASSWD":"[redacted]"}'],
    ['{"api_key":12345678,"x":1}', '{"api_key":[redacted],"x":1}'],
    [
      '{"x-api-key":"a","accessKey":"b","private key":"c"}',
      '{"x-api-key":"[redacted]","accessKey":"[redacted]","private key":"[redacted]"}',
    ],
    ['{"credentials":{"user":"bob","keys":["a}","b"]},"x":1}', '{"credentials":[redacted],"x":1}'],
    ['{"tokens":["a","b"],"x":1}', '{"tokens":[redacted],"x":1}'],
    ['{"password":"a\\"b, c","x":1}', '{"password":"[redacted]","x":1}'],
    ['{"password":"a"b, c","x":1}', '{"password":"[redacted]","x":1}'],
    ['{"password":"ab\\"","x":1}', '{"password":"[redacted]","x":1}'],
    ['{"log":"x\\ntoken: abc","next":"kept"}', '{"log":"x\\ntoken: [redacted]","next":"kept"}'],
    ['{"password":"hunter22', '{"password":"[redacted]'],
    ['{"secret":{"a":"hunter22","b', '{"secret":[redacted]'],
    ['{"name":"DB_PASSWORD","value":"hunter22"}', '{"name":"DB_PASSWORD","value":"[redacted]"}'],
    ["{'password': 'hunter22', 'x': 1}", "{'password': '[redacted]', 'x': 1}"],
    ["{'password': b'hunter22', 'x': 1}", "{'password': b'[redacted]', 'x': 1}"],
    ['user=bob&password=hunter%26+22&x=1', 'user=bob&password=[redacted]&x=1'],
    ['/a?token=hunter22#x', '/a?token=[redacted]'],
    ['DB_PASS=hunter22 NODE_ENV=production', 'DB_PASS=[redacted] NODE_ENV=production'],
    ['password: correct horse\nx: 1', 'password: [redacted]\nx: 1'],
    ['Authorization: Basic dXNlcjpwdw==\r\nHost: x', 'Authorization: [redacted]\r\nHost: x'],
    ['sent Bearer abc.def-123 to x', 'sent Bearer [redacted] to x'],
    ['bearer bearer abc.def-123 x', 'bearer bearer [redacted] x'],
    ['<password>hunter22</password>', '<password>[redacted]</password>'],
    ['mysql --password hunter22 --host x', 'mysql --password [redacted] --host x'],
    ['postgres://bob:hun@ter22@db:5432/x', 'postgres://bob:[redacted]@db:5432/x'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----',
      '[redacted] RSA PRIVATE KEY-----',
    ],
    [
      '"{\\"password\\":\\"hunter22\\",\\"x\\":1}"',
      '"{\\"password\\":\\"[redacted]\\",\\"x\\":1}"',
    ],
    ['%7B%22password%22%3A%22hunter22%22%7D', '%7B%22password%22%3A%22[redacted]%22%7D'],
    [`x${token}y ${token}`, 'x[redacted] [redacted]'],
    [`cut off ${token.slice(0, 20)}`, 'cut off [redacted]'],
  ])('makes of %j %j', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
  });

  it.each([
    '{"version":"1.0.0","uptime_seconds":3600,"pid":1234,"ips":["10.0.0.5"]}',
    '{"diagnostics":[{"code":1000,"message":"OK, passed; compass ready","severity":0}]}',
    '{"status":"running","snapshot":{"cpu":45,"author":"bob","bypass":true}}',
    'https://fleet.example/api/ingest/my-company/server-01/my-app/heartbeat',
    '{"password":"","x":1}',
    '',
  ])('leaves %j as it is', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('changes nothing the second time', () => {
    for (const text of [
      '{"password":"a","b":"Bearer x.y.z"}',
      `token=${token}&x=1`,
      'password: a b\nc',
    ]) {
      const once = redactText(text);
      expect(redactText(once)).toBe(once);
    }
  });
});

describe('the presented bearer', () => {
  const bearer = 'legacy/token+of=2019"x';
  const escapedFully = [...bearer]
    .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  const percentFully = [...bearer].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');

  it.each([
    ['as it is', bearer],
    ['in a JSON string', JSON.stringify({ message: bearer })],
    ['in JSON with escaped slashes', JSON.stringify({ message: bearer }).replaceAll('/', '\\/')],
    ['in JSON within JSON', JSON.stringify({ body: JSON.stringify({ message: bearer }) })],
    ['in JSON with every character escaped', `{"message":"${escapedFully}"}`],
    ['in a percent-encoded query', `/a?x=${encodeURIComponent(bearer)}&y=1`],
    ['with every character percent-encoded', percentFully],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(bearer))],
    ['in percent-encoded JSON', encodeURIComponent(JSON.stringify({ message: bearer }))],
  ])('is found %s', (_, text) => {
    const redacted = redactText(`before ${text} after`, { bearer });
    expect(redacted).toContain('[redacted]');
    expect(redacted).toMatch(/^before .* after$/);
    expectHidden(redacted, bearer);
  });

  it.each([`"${bearer}"`, `Bearer ${bearer}`])(
    'is found without what was wrapped around it when presented: %j',
    (presented) => {
      expectHidden(redactText(`x ${bearer} y`, { bearer: presented }), bearer);
    },
  );

  it('is left alone where it is too short to be a secret', () => {
    expect(redactText('an apple', { bearer: 'a' })).toBe('an apple');
  });
});

/** Every form in which a device could send a secret under a key that names it. */
const CARRIERS: Readonly<Record<string, (key: string, secret: string) => string>> = {
  json: (key, secret) => JSON.stringify({ a: 1, [key]: secret, z: 'end' }),
  prettyJson: (key, secret) => JSON.stringify({ a: 1, [key]: secret, z: 'end' }, null, 2),
  jsonObject: (key, secret) =>
    JSON.stringify({ a: 1, [key]: { user: 'x', value: secret }, z: 'end' }),
  jsonArray: (key, secret) => JSON.stringify({ a: 1, [key]: [[secret], secret], z: 'end' }),
  jsonInJson: (key, secret) =>
    JSON.stringify({ body: JSON.stringify({ [key]: secret, z: 'end' }) }),
  jsonInJsonInJson: (key, secret) =>
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ [key]: secret }) }) }),
  jsonEscaped: (key, secret) => `{"${escapeAll(key)}":"${escapeAll(secret)}","z":1}`,
  jsonKeyEscaped: (key, secret) => `{"${escapeAll(key)}":${JSON.stringify(secret)},"z":1}`,
  jsonCut: (key, secret) => JSON.stringify({ a: 1, [key]: secret }).slice(0, -2),
  jsonWithoutComma: (key, secret) => `{"${key}": ${JSON.stringify(secret)}\n "z": 1}`,
  nameAndValue: (key, secret) => JSON.stringify([{ name: key, value: secret }]),
  form: (key, secret) => new URLSearchParams({ a: '1', [key]: secret, z: 'end' }).toString(),
  query: (key, secret) => `/x?a=1&${key}=${encodeURIComponent(secret)}&z=end`,
  queryInJson: (key, secret) =>
    JSON.stringify({ url: `https://h/x?${key}=${encodeURIComponent(secret)}&z=1` }),
  queryEncoded: (key, secret) => encodeURIComponent(`a=1&${key}=${encodeURIComponent(secret)}`),
  jsonEncoded: (key, secret) => `q=${encodeURIComponent(JSON.stringify({ [key]: secret, z: 1 }))}`,
  pythonDict: (key, secret) =>
    `{'${key}': '${secret.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}', 'z': 1}`,
  header: (key, secret) => `Host: x\r\n${key}: ${secret}\r\nAccept: */*`,
  headerInJson: (key, secret) => JSON.stringify({ log: `GET /\r\n${key}: ${secret}\r\n` }),
};

const KEYS = [
  'token',
  'secret',
  'db_password',
  'dbPassword',
  'PASSWD',
  'Authorization',
  'api_key',
  'apiKey',
  'X-Api-Key',
  'access_key',
  'private_key',
  'credential',
  'client_secret_v2',
];

// Neither end may survive: what reads the end of a value wrongly leaves its tail.
const HEAD = 'S3cr';
const TAIL = 'T41l';

// Quotes, brackets, escapes and separators within the secret are what breaks a naive reading of its end.
const secretText = fc
  .string({
    unit: fc.constantFrom(...'abcXYZ019"\'\\{}[],:;&=%+/ <>é日'),
    minLength: 8,
    maxLength: 40,
  })
  .map((text) => `${HEAD}${text.trim()}${TAIL}`)
  .filter((text) => !/\s{2}/.test(text));

describe('a secret under a key that names it', () => {
  it.each(Object.entries(CARRIERS))('does not survive in the form %s', (_, carry) => {
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), secretText, (key, secret) => {
        const redacted = redactText(carry(key, secret));
        expectHidden(redacted, HEAD);
        expectHidden(redacted, TAIL);
      }),
      { numRuns: 400 },
    );
  });

  it('does not survive on one line of a log or in a query that is not encoded', () => {
    const plain = fc
      .string({ unit: fc.constantFrom(...'abcXYZ019"\'\\{}[],:;%+/<>'), minLength: 8 })
      .map((text) => `${HEAD}${text}${TAIL}`);
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), plain, (key, secret) => {
        const log = redactText(`level=info ${key}=x${secret} z=1`);
        const json = redactText(JSON.stringify({ log: `run ${key}: ${secret}` }));
        for (const end of [HEAD, TAIL]) {
          expectHidden(log, end);
          expectHidden(json, end);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a token of ours', () => {
  it.each(Object.entries(CARRIERS))('does not survive in the form %s under any key', (_, carry) => {
    for (let round = 0; round < 20; round++) {
      const secret = generateToken().token;
      expectHidden(redactText(carry('message', `x ${secret} y`)), secret.slice(12, 44));
    }
  });
});

describe('excerptPayload', () => {
  const filler = (length: number) => 'abcdefghi '.repeat(Math.ceil(length / 10)).slice(0, length);

  it('returns a short body whole and redacted', () => {
    expect(excerptPayload('{"password":"x","a":1}', { maxBytes: 8192 })).toBe(
      '{"password":"[redacted]","a":1}',
    );
  });

  it('returns the beginning and says how much it left out', () => {
    expect(excerptPayload('x'.repeat(10_000), { maxBytes: 8192 })).toBe(
      `${'x'.repeat(8192)}… [1808 characters left out] …`,
    );
  });

  it('counts bytes and splits no character', () => {
    const excerpt = excerptPayload('日😀'.repeat(2000), { maxBytes: 8192 });
    const head = excerpt.slice(0, excerpt.indexOf('…'));
    expect(Buffer.byteLength(head)).toBeLessThanOrEqual(8192);
    expect(Buffer.byteLength(head)).toBeGreaterThan(8192 - 4);
    expect(excerpt.isWellFormed()).toBe(true);
  });

  it('adds what stands around the offending position', () => {
    const body = `${filler(20_000)}HERE${filler(20_000)}`;
    const excerpt = excerptPayload(body, { maxBytes: 8192, around: 20_002 });
    expect(excerpt).toContain('HERE');
    expect(excerpt.startsWith(body.slice(0, 8192))).toBe(true);
    expect(excerpt).toMatch(/left out\] ….{400,600}… \[\d+ characters left out\] …$/s);
    expect(excerpt.length).toBeLessThan(8192 + 700);
  });

  it('begins and ends around the position with whole characters', () => {
    const body = `${filler(9001)}${'😀'.repeat(1000)}`;
    for (const around of [10_000, 10_001]) {
      expect(excerptPayload(body, { maxBytes: 8192, around }).isWellFormed()).toBe(true);
    }
  });

  it('finds the position again after secrets before it were replaced', () => {
    const body = `{"password":"${'p'.repeat(5000)}","a":"${filler(12_000)}HERE${filler(5000)}"}`;
    expect(excerptPayload(body, { maxBytes: 8192, around: body.indexOf('HERE') })).toContain(
      'HERE',
    );
  });

  it('adds nothing where the position lies in the beginning, and takes one behind the end', () => {
    const body = filler(10_000);
    expect(excerptPayload(body, { maxBytes: 8192, around: 100 })).toBe(
      excerptPayload(body, { maxBytes: 8192 }),
    );
    expect(excerptPayload(body, { maxBytes: 8192, around: 1e9 }).endsWith(body.slice(-100))).toBe(
      true,
    );
  });

  it('leaves no half of a secret at a cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8050, max: 8250 }),
        fc.integer({ min: -300, max: 300 }),
        (before, offset) => {
          const secret = generateToken().token;
          const body = `{"a":"${filler(before)}${secret}","b":"${filler(3000)}${secret}${filler(3000)}"}`;
          const excerpt = excerptPayload(body, {
            maxBytes: 8192,
            around: body.lastIndexOf(secret) + offset,
            bearer: secret,
          });
          expect(excerpt).not.toContain(secret.slice(0, 13));
          expect(excerpt).not.toContain(secret.slice(-6));
        },
      ),
    );
  });

  it('keeps a secret hidden whose key lies far before the excerpt', () => {
    const body = `{"credentials":{"list":[${'"hunter22",'.repeat(3000)}"hunter22"]},"n":${'1'.repeat(9000)}}`;
    expect(excerptPayload(body, { maxBytes: 8192, around: 20_000 })).not.toContain('hunter22');
  });
});

describe('a megabyte made to be slow', () => {
  const PIECES = [
    '"',
    '\\',
    '\\\\u005c',
    '%25',
    '{',
    '{"token":',
    '"token":{"',
    'token',
    'token=',
    'token: ',
    '"password":"a"b',
    ', ',
    '} ',
    'bearer ',
    'bearer:',
    'fm_',
    'fm_abcdefgh_',
    '://',
    '://a:',
    '--',
    '--token ',
    '-----BEGIN PRIVATE KEY-----',
    "'",
    'pass',
    ' ',
    'a',
    '\\"token\\":{\\"',
  ];

  it.each(PIECES)('takes time in proportion to its length: %j', (piece) => {
    const text = piece.repeat(Math.ceil(2 ** 20 / piece.length));
    const startedAt = performance.now();
    redactText(text, { bearer: 'aaaaaaaaaaaaaaaaaaaaaaab' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

/** The secret must not be readable, however often the escapes in the text are undone. */
function expectHidden(text: string, secret: string): void {
  for (
    let level: string | undefined = text;
    level !== undefined;
    level = unescapeOnce(level)?.text
  ) {
    expect(level).not.toContain(secret);
    expect(level.replaceAll('+', ' ')).not.toContain(secret);
  }
}

function escapeAll(text: string): string {
  return text.replace(
    /[\s\S]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
