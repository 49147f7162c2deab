import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DAY, MINUTE, T0 } from '../../support/instance-model.ts';
import { Driver } from '../support/driver.ts';
import {
  createdToken,
  customer,
  customerPage,
  customerRow,
  overview,
  SECRET,
  token,
} from '../support/rows.ts';

const ROWS = ['acme', 'plant', 'zeta'].map((slug) => customerRow(slug));
const TOKENS = [
  token('revoked1', { created_at: T0, revoked_at: T0 }),
  token('older-01', { created_at: T0 - DAY }),
  token('newer-01', { created_at: T0 - MINUTE, machine_count: 3 }),
];

function open(page = customerPage('acme')): Driver {
  return new Driver().press('5').list('customers', ROWS).answer('customer', page);
}

const openTokens = () => open(customerPage('acme', { tokens: TOKENS })).press('tab');

describe('the screen of the customers', () => {
  it('says how to begin where there is none', () => {
    const driver = new Driver().press('5').list('customers', []);
    expect(driver.screen()).toContain('There is no customer yet. n creates one.');
  });

  it('shows the tree, and below it contact, limits and tokens of the selected one', () => {
    const known = { email: 'ops@acme.example', phone: '+49 1', overdue_after_ms: 5 * MINUTE };
    const driver = open(customerPage('acme', { customer: customer('acme', known) }));
    const text = driver.screen();
    expect(driver.selected()).toMatch(/acme +✔ green +2 machines/);
    expect(text).toContain('contact   ops@acme.example   +49 1');
    expect(text).toContain('limits    overdue after 5 m');
    expect(text).toMatch(/token-01 +active +never +1 +never/);
  });

  it('marks a customer that is deactivated', () => {
    const driver = new Driver().press('5');
    driver.list('customers', [customerRow('acme', { isActive: false })]);
    expect(driver.selected()).toContain('deactivated');
  });

  it('shows nothing of another customer that was asked for before', () => {
    const driver = open().press('down');
    expect(driver.state.customers.page).toBeNull();
    const late = {
      kind: 'customer',
      input: { slug: 'acme' },
      output: customerPage('acme'),
    } as const;
    driver.send({ type: 'answer', answer: late });
    expect(driver.press('x').state).toMatchObject({ dialog: null, customers: { page: null } });
  });

  it('creates a customer of what is typed, and selects it', () => {
    const driver = open().press('n').type('new-one').press('enter').type('New One');
    driver.press('tab', 'tab', 'tab').type('acme').press('tab').type('5m').press('tab').type('9');
    expect(driver.press('enter').change()).toEqual({
      name: 'customer create',
      input: {
        ...{ slug: 'new-one', name: 'New One', email: null, phone: null, parent: 'acme' },
        ...{ overdueAfterMs: 5 * MINUTE, machineLimit: 9 },
      },
    });
    driver.succeed(customer('new-one'));
    expect(driver.screen()).toContain('Created new-one. t creates a token for it.');
    driver.list('customers', [customerRow('acme'), customerRow('new-one')]);
    expect(driver.selected()).toContain('new-one');
  });

  it('edits a customer, starting with what is known of it', () => {
    const known = { email: 'a@b.example', machine_limit: 5, overdue_after_ms: DAY };
    const driver = open(customerPage('acme', { customer: customer('acme', known) })).press('e');
    driver.press('ctrl+u').type('Acme Ltd').press('tab', 'ctrl+u', 'up', 'up');
    expect(driver.press('enter').change()).toEqual({
      name: 'customer update',
      input: {
        ...{ slug: 'acme', name: 'Acme Ltd', email: null, phone: null, parent: null },
        ...{ overdueAfterMs: DAY, machineLimit: 5 },
      },
    });
    expect(driver.succeed(customer('acme')).screen()).toContain('Changed acme.');
  });

  it('deactivates a customer once that is confirmed, and says which below it are still active', () => {
    const driver = open().press('x');
    expect(driver.screen()).toContain('Deactivate acme? Its tokens stop working at once');
    expect(driver.press('y').change()).toEqual({
      name: 'customer deactivate',
      input: { slug: 'acme', recursive: false },
    });
    driver.succeed({ deactivated: ['acme'], activeChildren: ['plant'] });
    expect(driver.screen()).toContain('Still active below it: plant.');
  });

  it('activates a customer again that is deactivated', () => {
    const page = customerPage('acme', { customer: customer('acme', { deactivated_at: T0 }) });
    const driver = open(page).press('x', 'y');
    expect(driver.change()).toEqual({ name: 'customer activate', input: { slug: 'acme' } });
    driver.succeed({ inactiveChildren: ['plant'] });
    expect(driver.screen()).toContain('Activated acme. Still deactivated below it: plant.');
  });

  it.each(['n', 'q', 'esc'])('deactivates nothing on %s', (key) => {
    const driver = open().press('x', key);
    expect(driver.effects).toEqual([]);
    expect(driver.state).toMatchObject({ screen: 'customers', dialog: null });
  });

  it('copies the slug, or the public id of the token', () => {
    expect(openTokens().press('y', 'tab', 'y').effects).toEqual([
      { kind: 'copy', text: 'newer-01' },
      { kind: 'copy', text: 'acme' },
    ]);
  });
});

describe('the tokens of a customer', () => {
  it('stand below it, those that work first, and the newest first', () => {
    const ids = openTokens()
      .lines()
      .flatMap((line) => /^[> ] (\w+-01|revoked1) /.exec(line)?.[1] ?? []);
    expect(ids).toEqual(['newer-01', 'older-01', 'revoked1']);
  });

  it('are gone through with the keys of a list, and not beyond their ends', () => {
    const driver = openTokens().press('down', 'down', 'down', 'down');
    expect(driver.selected()).toContain('revoked1');
    expect(driver.press('up', 'up', 'up').selected()).toContain('newer-01');
  });

  it('keep the selection when another token comes before it', () => {
    const driver = openTokens();
    const tokens = [token('brand-01', { created_at: T0 }), ...TOKENS];
    driver.answer('customer', customerPage('acme', { tokens }));
    expect(driver.selected()).toContain('newer-01');
  });

  it('have the selection on the last one where there are fewer now', () => {
    const driver = openTokens().press('down', 'down');
    driver.answer('customer', customerPage('acme', { tokens: [token('older-01')] }));
    expect(driver.selected()).toContain('older-01');
  });

  it('are created with a name and an expiry, through the end of that day', () => {
    vi.useFakeTimers({ now: T0, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const driver = open().press('t').type('gateways').press('enter', 'ctrl+u').type('2025-01-31');
    expect(driver.press('enter').change()).toEqual({
      name: 'token create',
      input: { customer: 'acme', name: 'gateways', expiresAtMs: Date.parse('2025-02-01') },
    });
  });

  it('are created without a name, and never expire, unless something else is typed', () => {
    expect(open().press('t', 'enter', 'enter').change()?.input).toEqual({
      ...{ customer: 'acme', name: null, expiresAtMs: null },
    });
  });

  it('are revoked once that is confirmed', () => {
    const driver = openTokens().press('v');
    expect(driver.screen()).toContain('Revoke newer-01? That is final. 3 machines speak with it.');
    expect(driver.press('y').change()).toEqual({ name: 'token revoke', input: { id: 'newer-01' } });
    expect(driver.succeed({ revoked: true }).screen()).toContain('Revoked newer-01.');
  });

  it('are rotated, with how long the old one goes on working', () => {
    const driver = openTokens().press('down', 'R', 'ctrl+u').type('2d').press('enter', 'enter');
    expect(driver.change()).toEqual({
      name: 'token rotate',
      input: { id: 'older-01', overlapMs: 2 * DAY, expiresAtMs: undefined },
    });
    driver.succeed({ created: createdToken(), oldEndsAtMs: T0 + 2 * DAY });
    expect(driver.screen()).toContain(SECRET);
    expect(driver.screen()).toContain('older-01, which it replaces, ends');
  });

  it.each(['v', 'R'])('have to be selected before %s', (key) => {
    const driver = open().press(key);
    expect(driver.screen()).toContain('Select a token first: tab goes to the tokens.');
    expect(driver.state.dialog).toBeNull();
  });
});

describe('a new token', () => {
  const create = () => open().press('t', 'enter', 'enter').succeed(createdToken());

  it('is shown in full, also on the smallest terminal', () => {
    const driver = create().send({ type: 'resize', columns: 60, rows: 15 });
    expect(driver.lines()).toContain(SECRET);
    expect(driver.screen()).toContain('It is shown only now');
  });

  it('is copied with y, and stays until it is dismissed', () => {
    const driver = create().press('y');
    expect(driver.effects.at(-1)).toEqual({ kind: 'copy', text: SECRET });
    expect(driver.screen()).toContain('Copied');
    expect(driver.press('1', '5', 'x', 'tab', ':').screen()).toContain(SECRET);
  });

  it.each(['enter', 'esc', 'q'])(
    'is gone after %s, from the screen and from all of the state',
    (key) => {
      const driver = create().press('y', key);
      expect(driver.screen()).not.toContain(SECRET);
      expect(JSON.stringify(driver.state)).not.toContain(SECRET);
      expect(driver.effects.filter(({ kind }) => kind === 'quit')).toEqual([]);
    },
  );

  it('is in no other part of the state while it is shown', () => {
    const { dialog: _, ...rest } = create().state;
    expect(JSON.stringify(rest)).not.toContain(SECRET);
  });

  it('stays through news', () => {
    const driver = create().send({ type: 'overview', overview: overview({ revision: 2 }) });
    expect(driver.screen()).toContain(SECRET);
  });
});
