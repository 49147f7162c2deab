import { describe, expect, it } from 'vitest';
import { listAsked } from '../../src/dashboard/dispatch.ts';
import { SCREENS } from '../../src/dashboard/state.ts';
import { Driver } from './support/driver.ts';
import { customerRow, fleetRow, overview, whyAnswer } from './support/rows.ts';

const screenOf = (driver: Driver) => driver.state.screen;

describe('going from screen to screen', () => {
  it.each(SCREENS.map((screen, at) => [String(at + 1), screen]))('%s shows %s', (key, screen) => {
    expect(screenOf(new Driver().press(key))).toBe(screen);
  });

  it('tab and shift+tab go along, and round', () => {
    expect(screenOf(new Driver().press('tab'))).toBe('instance');
    expect(screenOf(new Driver().press('shift+tab'))).toBe('customers');
    expect(screenOf(new Driver().press('5', 'shift+tab'))).toBe('rejections');
  });

  it('esc goes back the way that was come, and ends at the fleet', () => {
    const driver = new Driver().press('3', '4', '4');
    const way = [1, 2, 3].map(() => screenOf(driver.press('esc')));
    expect(way).toEqual(['diagnostics', 'fleet', 'fleet']);
  });

  it('goes on asking for another view of a screen that was left before the answer', () => {
    const kinds = (...keys: string[]) =>
      listAsked(new Driver().press(...keys).state).map(({ kind }) => kind);
    expect(kinds('o', '3')).toContain('fleet');
    expect(kinds('3')).not.toContain('fleet');
  });

  it('each screen is as it was left', () => {
    const rows = [fleetRow('acme'), fleetRow('zeta')];
    const driver = new Driver().list('fleet', rows).press('down', '5', '1');
    expect(driver.selected()).toContain('zeta');
  });

  it('takes an answer for a screen that is not shown any more', () => {
    const driver = new Driver();
    const asked = driver.asked('fleet');
    if (!asked) throw new Error('The fleet is not asked for.');
    const output = { rows: [fleetRow('acme')], from: 0, total: 1, index: 0 };
    driver.press('5').send({ type: 'answer', answer: { ...asked, output } });
    expect(driver.press('1').selected()).toContain('acme');
  });
});

describe('keys that work everywhere', () => {
  it.each([['q'], ['ctrl+c']])('%s quits', (key) => {
    expect(new Driver().press(key).effects).toEqual([{ kind: 'quit' }]);
  });

  it.each([
    ['a form', ['5', 'n']],
    ['a prompt', [':']],
    ['the help', ['?']],
  ])('ctrl+c quits also from %s', (_, keys) => {
    expect(new Driver().press(...keys, 'ctrl+c').effects).toEqual([{ kind: 'quit' }]);
  });

  it('r reads everything anew', () => {
    expect(new Driver().press('r').effects).toEqual([{ kind: 'refresh' }]);
  });

  it('a key that means nothing changes nothing', () => {
    const driver = new Driver();
    const before = driver.state;
    expect(driver.press('ctrl+x', 'é', 'paste').state).toBe(before);
  });
});

describe('the help', () => {
  it('shows the keys, scrolls to its end and not beyond, and closes', () => {
    const driver = new Driver({ rows: 20 }).press('?');
    expect(driver.screen()).toContain('Everywhere');
    const atEnd = driver.press('G').screen();
    expect(atEnd).toContain('In forms');
    expect(driver.press('down').screen()).toBe(atEnd);
    expect(driver.press('?').state.dialog).toBeNull();
  });

  it.each(['esc', 'q', 'enter'])('is left on %s, and nothing else', (key) => {
    const driver = new Driver().press('3', '?', key);
    expect(driver.state).toMatchObject({ screen: 'diagnostics', dialog: null });
    expect(driver.effects).toEqual([]);
  });
});

describe('why something is as it is', () => {
  const open = () => new Driver().list('fleet', [fleetRow('acme/pc-1/app')]).press('w');

  it('shows the path until the answer comes, and then the verdict and all steps', () => {
    const driver = open();
    expect(driver.screen()).toContain('acme/pc-1/app …');
    driver.answer('why', whyAnswer());
    expect(driver.screen()).toContain('○ It is silent.');
    expect(driver.press('G').screen()).toContain('Step 39.');
  });

  it('shows no answer about something else', () => {
    const driver = open();
    const late = { kind: 'why', input: { path: 'zeta' }, output: whyAnswer('Of zeta.') } as const;
    expect(driver.send({ type: 'answer', answer: late }).screen()).not.toContain('Of zeta.');
  });

  it('stays closed when the answer comes after it was left', () => {
    const driver = open().press('esc');
    const input = { path: 'acme/pc-1/app' };
    driver.send({ type: 'answer', answer: { kind: 'why', input, output: whyAnswer() } });
    expect(driver.state.dialog).toBeNull();
  });
});

describe('what is said above the footer', () => {
  const say = (driver = new Driver()) =>
    driver
      .press('5')
      .list('customers', [customerRow('acme')])
      .press('v');

  it('goes with the next key', () => {
    expect(say().screen()).toContain('Select a token first');
    expect(say().press('down').screen()).not.toContain('Select a token first');
  });

  it('is why a question has no answer', () => {
    const driver = new Driver();
    const asked = driver.asked('fleet');
    if (!asked) throw new Error('The fleet is not asked for.');
    const failure = { code: 'busy', message: 'The database was busy.', hint: null } as const;
    driver.send({ type: 'unanswered', asked, failure });
    expect(driver.screen()).toContain('The database was busy.');
  });

  it('is not why, where a banner says that the database is away', () => {
    const driver = new Driver();
    const asked = driver.asked('fleet');
    if (!asked) throw new Error('The fleet is not asked for.');
    const away = { message: 'gone', ageMs: 1 };
    driver.send({ type: 'overview', overview: overview({ away }) });
    const failure = { code: 'io', message: 'not read', hint: null } as const;
    driver.send({ type: 'unanswered', asked, failure });
    expect(driver.state.notice).toBeNull();
  });
});

describe('a terminal that is too small', () => {
  const shrink = (driver = new Driver()) => driver.send({ type: 'resize', columns: 59, rows: 15 });

  it('says how much it needs', () => {
    expect(shrink().screen()).toContain('The terminal has 59×15; the dashboard needs 60×15.');
  });

  it('does nothing that cannot be seen', () => {
    const driver = new Driver().press('5').list('customers', [customerRow('acme')]);
    const before = shrink(driver).state;
    expect(driver.press('1', 'n', ':', 'y').state).toBe(before);
  });

  it.each(['q', 'ctrl+c'])('can be quit with %s, whatever is open', (key) => {
    expect(shrink(new Driver().press('5', 'n')).press(key).effects).toEqual([{ kind: 'quit' }]);
  });

  it('shows everything again once it is larger', () => {
    const driver = new Driver().press('3');
    const before = driver.screen();
    shrink(driver).send({ type: 'resize', columns: 100, rows: 30 });
    expect(driver.screen()).toBe(before);
  });
});
