import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIGHTS } from '../../../src/domain/health/light.ts';
import { REASONS, type Reason } from '../../../src/domain/rejections/reasons.ts';
import { isSlug } from '../../../src/domain/slug.ts';
import type { Evidence, Refusal } from '../../../src/domain/why/evidence.ts';
import { HEALTH_ADVICE } from '../../../src/domain/why/health-advice.ts';
import { SITUATIONS } from '../../../src/domain/why/situations.ts';
import { judgeEvidence } from '../../../src/domain/why/verdict.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/why.md', import.meta.url));
const NOW = 1_700_000_000_000;

const EVIL = ["x'; rm -rf ~", '$(reboot)', '--yes', '-', 'a b', '\u001b[2J', '..', '`id`', 'A&&B'];

const slug = fc.constantFrom('my-company', 'acme', 'pc-1', 'app');
const text = fc.oneof(slug, fc.constantFrom(...EVIL));
const instant = fc.integer({ min: NOW - 10 ** 10, max: NOW });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const target = fc
  .tuple(text, optional(text), optional(text))
  .map(([customer, machine, software]) => ({
    customer,
    machine,
    software: machine === null ? null : software,
  }));

const focus = fc.record({
  ...{ customer: slug, machine: slug, software: slug },
  worstCode: optional(fc.integer()),
  health: fc.record({
    light: fc.constantFrom(...LIGHTS),
    reasons: fc.array(
      fc.record({
        code: fc.constantFrom(...Object.keys(HEALTH_ADVICE)),
        text: fc.constantFrom(...EVIL),
        since: optional(instant),
      }),
      { maxLength: 2 },
    ),
  }),
});

const refusal: fc.Arbitrary<Refusal> = fc.record({
  id: fc.constant('1m89w124ng1bm24'),
  reason: fc.constantFrom(...(Object.keys(REASONS) as Reason[])),
  ...{ customer: text, machine: text, software: text, endpoint: text },
  isRegistered: fc.boolean(),
  count: fc.integer({ min: 1, max: 99 }),
  solved: fc.boolean(),
  last_at: instant,
  hint: fc.constant({ text: 'Do it.', command: null }),
});

const evidence: fc.Arbitrary<Evidence> = fc.record({
  target,
  watch: fc.record({
    nowMs: fc.constant(NOW),
    watchedUntilMs: fc.constantFrom(NOW, NOW, NOW, NOW - 60_000, null),
    unobserved: fc.constant([]),
    overdueAfterMs: fc.constant(300_000),
  }),
  servers: fc.constantFrom([], ['web-1:8443'], ['web-1:pid-7'], ["x'$(id)"]),
  customer: optional(fc.record({ isDeactivated: fc.boolean() })),
  state: optional(
    fc.record({
      focus,
      lastAcceptedAtMs: instant,
      lastBeatAtMs: optional(instant),
      counts: fc.constantFrom(null, {
        of: 'machine' as const,
        lights: { red: 1, yellow: 0, green: 2, grey: 0 },
      }),
    }),
  ),
  refusals: fc.array(refusal, { maxLength: 2 }),
  similarRefusals: fc.array(refusal, { maxLength: 2 }),
  token: optional(
    fc.record({
      id: fc.constantFrom('AbCdEfGh', '$(id)'),
      customer: slug,
      state: fc.constantFrom('active', 'expired', 'revoked'),
      expires_at: optional(fc.integer({ min: NOW, max: NOW + 10 ** 9 })),
      ...{ revoked_at: fc.constant(null), last_used_at: optional(instant) },
      last_used_address: fc.constant(null),
      successor: fc.constantFrom(null, 'NewToken', '$(id)'),
    }),
  ),
  tokens: fc.constantFrom(
    { total: 0, active: 0 },
    { total: 2, active: 0 },
    { total: 2, active: 1 },
  ),
  neighbours: fc.record({
    similar: optional(fc.constantFrom('my-company/pc-1', '$(id)/x')),
    elsewhere: fc.constantFrom([], ['acme/pc-1/app']),
    sibling: optional(fc.record({ software: slug, lastSeenAtMs: instant })),
  }),
});

describe('whatever is known of a path', () => {
  it('has one verdict with something to do, and commands that can be copied', () => {
    fc.assert(
      fc.property(evidence, (known) => {
        const { code, text: sentence, steps } = judgeEvidence(known);
        expect(SITUATIONS.map((each) => each.code)).toContain(code);
        expect(sentence).toMatch(/[.?]$/);
        expect(sentence).not.toMatch(/undefined|null|NaN/);
        expect(steps.length).toBeGreaterThan(0);
        for (const { command } of steps) if (command !== null) expectPlain(command);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Of words that no shell reads as anything else, and with slugs in its paths. */
function expectPlain(command: string): void {
  for (const each of command.split(' && ')) {
    const [program, ...words] = each.split(' ');
    expect(program).toBe('fleet');
    const values = words.filter((word) => !/^--[a-z-]+$/.test(word));
    const parts = values.flatMap((word) => word.split('/'));
    expect(parts.filter((part) => !isSlug(part) && !/^[A-Za-z0-9]{8}$/.test(part))).toEqual([]);
  }
}

describe('docs/why.md', () => {
  it('lists every verdict in the order of precedence, and when it is given', () => {
    const rows = readFileSync(DOCUMENT, 'utf8').matchAll(/^\| `(\w+)` \| (.+) \|$/gm);
    const listed = [...rows].map(([, code, when]) => ({ code, when }));
    expect(listed).toEqual(SITUATIONS.map(({ code, when }) => ({ code, when })));
  });

  it('knows no code twice', () => {
    const codes = SITUATIONS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
