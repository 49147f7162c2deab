import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HintInput, hintFor } from '../../../src/domain/rejections/hints.ts';
import { REASONS, type Reason } from '../../../src/domain/rejections/reasons.ts';
import { readBearer } from '../../../src/domain/tokens/bearer.ts';
import { generateToken } from '../../../src/domain/tokens/token.ts';
import { TOKEN_FORMS, type TokenForm } from '../../../src/domain/tokens/token-form.ts';

const base: HintInput = {
  reason: 'token_missing',
  customer: 'my-company',
  machine: 'server-01',
  software: 'my-app',
  endpoint: 'heartbeat',
  path: '/api/ingest/my-company/server-01/my-app/heartbeat',
  tokenId: null,
  tokenCustomer: null,
  tokenForm: null,
  detail: '',
  customerExists: true,
  customerIsInactive: false,
  successor: null,
  similarCustomer: null,
};

const stranger = { customer: 'globex', customerExists: false };
const misspelt = { customer: 'my-compny', customerExists: false, similarCustomer: 'my-company' };
const known = { tokenId: 'AbCd1234', tokenCustomer: 'my-company' };

const COMMANDS: readonly (readonly [string, Partial<HintInput>, string | null])[] = [
  ['no token', {}, 'fleet token create my-company'],
  [
    'no token and no customer',
    stranger,
    'fleet customer create globex && fleet token create globex',
  ],
  ['no token and a misspelt customer', misspelt, 'fleet token create my-company'],
  [
    'a placeholder',
    { reason: 'token_unknown', tokenForm: 'placeholder' },
    'fleet token create my-company',
  ],
  [
    'a token of another kind',
    { reason: 'token_unknown', tokenForm: 'foreign' },
    'fleet token import my-company',
  ],
  [
    'a token of another kind and no customer',
    { ...stranger, reason: 'token_unknown', tokenForm: 'foreign' },
    'fleet customer create globex && fleet token import globex',
  ],
  ['quotes', { reason: 'token_unknown', tokenForm: 'quoted' }, null],
  ['an expired token', { ...known, reason: 'token_expired' }, 'fleet token create my-company'],
  ['a revoked token', { ...known, reason: 'token_revoked' }, 'fleet token create my-company'],
  [
    'an expired token on a customer that does not exist',
    { ...stranger, ...known, reason: 'token_expired' },
    'fleet token create my-company',
  ],
  [
    'a token of another customer',
    { ...known, reason: 'customer_mismatch', customer: 'acme' },
    'fleet token create acme',
  ],
  [
    'a token of the customer that was meant',
    { ...known, ...misspelt, reason: 'customer_mismatch' },
    null,
  ],
  [
    'a token and a customer that does not exist',
    { ...known, ...stranger, reason: 'customer_mismatch' },
    'fleet customer create globex && fleet token create globex',
  ],
  [
    'an inactive customer',
    { ...known, reason: 'customer_inactive' },
    'fleet customer activate my-company',
  ],
  [
    'a machine limit',
    {
      ...known,
      reason: 'machine_limit_reached',
      detail: 'customer my-company-2 has 5,000 of 5,000 machines',
    },
    'fleet customer update my-company --machine-limit 10000',
  ],
  [
    'a machine limit that is not named',
    { ...known, reason: 'machine_limit_reached' },
    'fleet customer update my-company --machine-limit 200000',
  ],
  [
    'an instance limit',
    { ...known, reason: 'instance_limit_reached', detail: 'the limit is 100' },
    'fleet software forget --not-seen-for 7d my-company/server-01',
  ],
  [
    'a diagnostic limit',
    { ...known, reason: 'diagnostic_limit_reached' },
    'fleet serve --diagnostic-limit 2000',
  ],
  ['too many refusals', { reason: 'rate_limited' }, 'fleet rejections list --customer my-company'],
];

describe('the command of a hint', () => {
  it.each(COMMANDS)('for %s', (_, rejection, command) => {
    expect(hintFor({ ...base, ...rejection }).command).toBe(command);
  });

  it('is never made of what a stranger sent, unless it is a slug', () => {
    const anySlot = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '; rm -rf /',
        '$(reboot)',
        '`id`',
        '-x',
        'a b',
        "a'b",
        'a\nb',
        '',
        '..',
        'my-company',
      ),
    );
    const rejections = fc.record({
      reason: fc.constantFrom(...(Object.keys(REASONS) as Reason[])),
      customer: anySlot,
      machine: anySlot,
      software: anySlot,
      endpoint: anySlot,
      path: anySlot,
      tokenId: fc.option(anySlot),
      tokenCustomer: fc.option(anySlot),
      tokenForm: fc.option(fc.constantFrom(...(Object.keys(TOKEN_FORMS) as TokenForm[]))),
      detail: anySlot,
      customerExists: fc.boolean(),
      customerIsInactive: fc.boolean(),
      successor: fc.option(fc.constantFrom('AbCdEfGh', 'no id'), { nil: null }),
      similarCustomer: fc.option(anySlot),
    });
    fc.assert(
      fc.property(rejections, (rejection) => {
        const { text, command } = hintFor(rejection);
        expect(command ?? 'fleet').toMatch(
          /^fleet token rotate [0-9A-Za-z]{8}$|^fleet(?: (?:&& fleet |--)?[a-z0-9][a-z0-9-]*(?:\/[a-z0-9][a-z0-9-]*)?)*$/,
        );
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(text).not.toBe('');
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the text of a hint', () => {
  const textOf = (rejection: Partial<HintInput>) => hintFor({ ...base, ...rejection }).text;

  it('asks whether a similar customer was meant', () => {
    expect(textOf(misspelt)).toMatch(
      /^There is no customer "my-compny"; did you mean "my-company"\?/,
    );
  });

  it('names the customer of the token and the path to post to', () => {
    expect(textOf({ ...known, reason: 'customer_mismatch', customer: 'acme' })).toContain(
      '"my-company", but the device posts as "acme". Either it posts to /api/ingest/my-company/server-01/my-app/heartbeat',
    );
  });

  it('names no path that is not valid', () => {
    const mismatch = { ...known, reason: 'customer_mismatch', customer: 'acme' } as const;
    expect(textOf({ ...mismatch, machine: 'x y' })).toContain('/api/ingest/my-company/…,');
  });

  it.each([
    [
      { customer: 'My Company' },
      'The customer "My Company" is not a slug. Enter "my-company" on the device.',
    ],
    [{ customer: 'My_Compny', similarCustomer: 'my-company' }, 'Enter "my-company" on the device.'],
    [
      { machine: 'SERVER_01' },
      'The machine "SERVER_01" is not a slug. Enter "server-01" on the device.',
    ],
    [{ software: '日本' }, 'The software "日本" is not a slug. A slug has'],
    [{ software: '\x1b[2Ja\u202eb' }, 'The software "a\uFFFDb" is not a slug.'],
  ])('names the slug that is none, and a better one: %j', (rejection, text) => {
    expect(textOf({ ...rejection, reason: 'invalid_slug' })).toContain(text);
  });

  it('repeats no token that stands in the place of a slug, in whatever case', () => {
    const { token } = generateToken();
    expect(textOf({ reason: 'invalid_slug', machine: token }).toLowerCase()).not.toContain(
      token.slice(12, 30).toLowerCase(),
    );
  });

  it('says what the header lacks, and keeps the example of how to send it', () => {
    const header = readBearer('Basic abc');
    const text = textOf({ detail: header.ok ? '' : header.problem });
    expect(text).toMatch(/^The Authorization header uses another scheme than Bearer\. /);
    expect(text).toContain('"Authorization: Bearer <token>"');
    expect(text).not.toContain('redacted');
  });

  it('speaks of lines where a batch was sent', () => {
    const ofLine = { endpoint: 'batch/status', machine: '', path: '/api/ingest/my-company/batch' };
    expect(textOf({ ...ofLine, reason: 'invalid_json' })).toContain('a JSON object in each line');
    expect(textOf({ ...ofLine, reason: 'invalid_slug' })).toMatch(/^The line names no machine\./);
    const foreign = {
      ...stranger,
      ...known,
      endpoint: 'batch',
      reason: 'customer_mismatch',
    } as const;
    expect(textOf({ ...foreign, similarCustomer: 'my-company' })).toMatch(
      /must post to \/api\/ingest\/my-company\/batch\.$/,
    );
  });

  it('reads the limit, and not the number of the line, where a line was refused for a limit', () => {
    const detail =
      'The customer has 25 machines and may have 25; press-25 is not one of them. (Line 7 of the batch.)';
    const rejection = { ...base, ...known, reason: 'machine_limit_reached', detail } as const;
    expect(hintFor(rejection).command).toBe('fleet customer update my-company --machine-limit 50');
  });

  it('names the token that took over from one that has ended', () => {
    const rotated = { ...known, reason: 'token_expired', successor: 'ZyXw9876' } as const;
    expect(textOf(rotated)).toContain('ZyXw9876 took over from it');
    expect(hintFor({ ...base, ...rotated }).command).toBe('fleet token rotate ZyXw9876');
  });

  it('proposes the endpoint that was meant', () => {
    expect(
      textOf({ reason: 'unknown_endpoint', path: '/api/ingest/a/b/c/heartbeats?x=1' }),
    ).toMatch(/^Did you mean "…\/heartbeat"\?/);
    expect(textOf({ reason: 'unknown_endpoint', path: '/api/ingest/a/b/status/' })).toContain(
      'what stands before it is not complete',
    );
    expect(textOf({ reason: 'unknown_endpoint', path: '/api/ingest/a/b/c/batch' })).toMatch(
      /^A batch names machine and software in its lines, not in its path\./,
    );
    expect(textOf({ reason: 'unknown_endpoint', path: '/api/ingest/a/batches' })).toMatch(
      /^Did you mean "…\/batch"\?/,
    );
    const detail = 'GET is not for this endpoint: use POST.';
    expect(
      textOf({ reason: 'unknown_endpoint', path: '/api/ingest/a/b/c/status', detail }),
    ).toMatch(/^GET is not for this endpoint/);
    expect(textOf({ reason: 'unknown_endpoint', path: '/' })).toContain(
      '/api/ingest/<customer>/<machine>/<software>/heartbeat',
    );
  });

  it.each([
    [
      'machine_limit_reached',
      'fleet machine forget --not-seen-for 90d my-company',
      'fleet customer update my-company --machine-limit 200000',
    ],
    [
      'instance_limit_reached',
      'fleet software forget --not-seen-for 7d my-company/server-01',
      'fleet serve --instance-limit 200',
    ],
    [
      'diagnostic_limit_reached',
      'fleet software forget my-company/server-01/my-app',
      'fleet serve --diagnostic-limit 2000',
    ],
  ] as const)('names both ways out of %s, by commands that exist', (reason, forget, raise) => {
    const { text, command } = hintFor({ ...base, ...known, reason });
    const hint = `${text} ${command}`;
    expect(hint).toContain(forget);
    expect(hint).toContain(raise);
    for (const [, topic, verb] of hint.matchAll(/fleet (\w+)(?: ([a-z]+))?/g)) {
      const file = [topic, verb].filter((part) => part !== undefined).join('/');
      expect(existsSync(new URL(`../../../src/commands/${file}.ts`, import.meta.url))).toBe(true);
    }
  });

  it('leaves out the command of a limit whose path is none', () => {
    const text = textOf({ ...known, reason: 'diagnostic_limit_reached', machine: 'x y' });
    expect(text).toContain('loses its history. Or start');
  });

  it('passes on which field is wrong', () => {
    expect(
      textOf({ reason: 'invalid_payload', detail: 'items[3].severity must be 0, 1 or 2' }),
    ).toContain('items[3].severity');
  });

  it.each(Object.keys(TOKEN_FORMS) as TokenForm[])(
    'says what to do about an unknown token of the form %s',
    (tokenForm) => {
      const { text, command } = hintFor({ ...base, reason: 'token_unknown', tokenForm });
      expect(text).toMatch(/\.$/);
      expect(command === null || command.startsWith('fleet token ')).toBe(true);
    },
  );

  it.each(Object.keys(REASONS) as Reason[])('is made of whole sentences for %s', (reason) => {
    expect(textOf({ ...known, reason })).toMatch(/^[A-Z“"].*\.$/s);
    expect(textOf({ ...known, reason })).not.toMatch(/undefined|null| {2}/);
  });
});
