import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeUnwatched } from '../../../src/cli/health/unwatched.ts';
import { renderFrame } from '../../../src/dashboard/drawing/frame.ts';
import { measureLine } from '../../../src/dashboard/drawing/line.ts';
import { startForm } from '../../../src/dashboard/forms/form.ts';
import type { Dialog, ScreenName, State } from '../../../src/dashboard/state.ts';
import { HOUR, T0 } from '../../support/instance-model.ts';
import { tryStories } from '../../support/property.ts';
import { Driver } from '../support/driver.ts';
import { hostileText } from '../support/hostile.ts';
import {
  createdToken,
  customer,
  customerPage,
  customerRow,
  diagnosticRow,
  fleetRow,
  instancePage,
  overview,
  rejectionEntry,
  rejectionRow,
  token,
  whyAnswer,
} from '../support/rows.ts';

const SIZES = [
  [60, 15],
  [80, 24],
  [120, 30],
  [200, 60],
] as const;

/** Every screen full of a text that came from outside. */
const SCREENS: Record<ScreenName, (driver: Driver, text: string) => Driver> = {
  fleet: (driver, text) => {
    const reasons = [{ code: 'status_error', text, since: T0 }] as const;
    const told = { reasons: [...reasons], version: text, title: text };
    return driver.list('fleet', [fleetRow('acme', told), fleetRow('acme/pc-1/app', told)]);
  },
  instance: (driver, text) => {
    driver.list('fleet', [fleetRow('acme/pc-1/app')]).press('enter');
    const told = { status: 'error', status_message: text, version: text, hostname: text };
    const page = instancePage([{ message: text }], { ...told, snapshot: { [text]: text } });
    return driver.answer('instance', page);
  },
  diagnostics: (driver, text) => {
    const row = diagnosticRow({ message: text, module: text, note: text, acknowledged_at: T0 });
    return driver.press('3').list('diagnostics', [row, { ...row, key: '2' }]);
  },
  rejections: (driver, text) => {
    const told = { customer: text, machine: text, detail: text, address: text, token_id: text };
    driver.press('4').list('rejections', [rejectionRow('r1', told), rejectionRow('r2', told)]);
    const errors = [{ path: text, message: text }];
    const hint = { text, command: text };
    const payload = JSON.stringify({ [text]: [text] });
    return driver.answer('rejection', rejectionEntry('r1', { ...told, errors, payload, hint }));
  },
  customers: (driver, text) => {
    driver.press('5').list('customers', [customerRow('acme', { name: text }), customerRow('b')]);
    const page = { customer: customer('acme', { name: text, email: text, phone: text }) };
    return driver.answer(
      'customer',
      customerPage('acme', { ...page, tokens: [token('a', { name: text })] }),
    );
  },
};

const BUSY = { isBusy: false, problem: { code: 'conflict', message: 'x', hint: 'y' } } as const;

const DIALOGS: Record<string, (text: string) => Dialog | null> = {
  nothing: () => null,
  help: () => ({ kind: 'help', scroll: 0 }),
  prompt: (text) => ({
    ...{ kind: 'prompt', purpose: 'command', problem: text },
    input: { text, cursor: [...text].length },
  }),
  form: (text) => ({
    kind: 'form',
    form: startForm({ kind: 'customer update', customer: customer('acme', { name: text }) }),
    ...{ ...BUSY, problem: { ...BUSY.problem, message: text, hint: text } },
  }),
  confirm: (text) => ({
    ...{ kind: 'confirm', question: text, ...BUSY },
    change: { name: 'token revoke', input: { id: 'a' } },
  }),
  choice: (text) => {
    const options = Array.from({ length: 80 }, () => ({
      label: text,
      next: { kind: 'help', scroll: 0 } as const,
    }));
    return { kind: 'choice', title: text, options, index: 79 };
  },
  why: (text) => ({ kind: 'why', path: text, answer: whyAnswer(text), scroll: 3 }),
  secret: (text) => ({
    ...{ kind: 'secret', isCopied: false, remark: text },
    created: createdToken({ name: text, customer: text }),
  }),
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not get through
const OBEYED = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/;

function expectToFit({ state }: { state: State }): void {
  const frame = renderFrame(state);
  expect(frame).toHaveLength(state.rows);
  for (const line of frame) {
    expect(measureLine(line)).toBeLessThanOrEqual(state.columns);
    for (const { text } of line) expect(text).not.toMatch(OBEYED);
  }
}

describe.each(SIZES)('a terminal of %i×%i', (columns, rows) => {
  it.each(Object.keys(SCREENS) as ScreenName[])(
    'is filled exactly by the screen %s with every dialog over it, whatever devices sent',
    (screen) => {
      fc.assert(
        fc.property(hostileText, hostileText, (text, said) => {
          const driver = SCREENS[screen](new Driver({ columns, rows }), text);
          const away = { message: text, ageMs: HOUR };
          driver.send({
            type: 'overview',
            overview: overview({ away, watchedUntilMs: T0 - HOUR }),
          });
          const notice = { text: said, tone: 'bad' } as const;
          for (const open of Object.values(DIALOGS)) {
            expectToFit({ state: { ...driver.state, dialog: open(said) } });
            expectToFit({ state: { ...driver.state, notice, dialog: open(said) } });
          }
        }),
        tryStories(8),
      );
    },
  );

  it('is filled exactly before anything was read', () => {
    const { state } = new Driver({ columns, rows });
    expectToFit({ state: { ...state, overview: null } });
  });

  it('shows the whole of the lights, however many machines there are', () => {
    const driver = new Driver({ columns, rows });
    const counts = { red: 1_234, yellow: 23_456, green: 99_999, grey: 12 };
    const rates = { accepted: Array(60).fill(12_345), refused: Array(60).fill(1) };
    driver.send({ type: 'overview', overview: overview({ counts, rates }) });
    expect(driver.screen()).toContain('✖ 1234 red  ▲ 23456 yellow  ✔ 99999 green  ○ 12 grey');
  });
});

describe('any terminal', () => {
  it('is filled exactly, however small', () => {
    const size = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(size, size, (columns, rows) => expectToFit(new Driver({ columns, rows }))),
      tryStories(50),
    );
  });
});

describe('the banners', () => {
  const show = (changes: Parameters<typeof overview>[0]) =>
    new Driver({ columns: 150 }).send({ type: 'overview', overview: overview(changes) });

  it('say nothing while a server listens and the database answers', () => {
    expect(show({}).screen()).not.toContain('!');
  });

  it.each([
    ['since when no server has run', T0 - HOUR],
    ['that no server has ever run', null],
  ])('say %s, as the commands do', (_, watchedUntilMs) => {
    const watch = { nowMs: T0, watchedUntilMs, unobserved: [], overdueAfterMs: 0 };
    expect(show({ watchedUntilMs }).screen()).toContain(`! ${describeUnwatched(watch)}`);
  });

  it('say why the database does not answer, and how old the data are', () => {
    const away = { message: 'connect ECONNREFUSED', ageMs: 3 * 60_000 };
    expect(show({ away }).lines()[3]).toBe(
      '! The database does not answer (connect ECONNREFUSED): what is shown is 3 m old.',
    );
  });

  it('stand above everything, and one does not hide the other', () => {
    const lines = show({ watchedUntilMs: null, away: { message: 'gone', ageMs: 1 } }).lines();
    expect(lines.slice(3, 5).map((line) => line.slice(0, 12))).toEqual([
      '! No server ',
      '! The databa',
    ]);
  });
});

describe('the footer', () => {
  it.each([
    [
      'of the screen, with the way out at its right',
      [],
      /^enter open {3}o only red {3}s sort {3}w why {3}\/ filter {4,}\? help {3}q quit$/,
    ],
    ['of a form', ['5', 'n'], /^tab next field {3}enter do it {3}esc cancel$/],
    ['of the help', ['?'], /^esc back$/],
  ])('has the keys %s', (_, keys, expected) => {
    expect(
      new Driver()
        .press(...keys)
        .lines()
        .at(-1)
        ?.trim(),
    ).toMatch(expected);
  });
});
