import { describe, expect, it } from 'vitest';
import { Driver } from '../support/driver.ts';
import { fleetRow, overview } from '../support/rows.ts';

const ROWS = [
  fleetRow('acme', { openness: 'open', light: 'red' }),
  fleetRow('acme/pc-1', { light: 'red', instance: 'acme/pc-1/app' }),
  fleetRow('acme/pc-2', { openness: 'open' }),
  fleetRow('acme/pc-2/app'),
  fleetRow('zeta'),
];

function open(rows = ROWS): Driver {
  return new Driver().list('fleet', rows);
}

const viewOf = (driver: Driver) => driver.asked('fleet')?.input.view;

describe('the screen of the fleet', () => {
  it('says of each row the light as symbol and word, why, the last heartbeat and the version', () => {
    const reasons = [{ code: 'overdue', text: 'no heartbeat', since: null }] as const;
    const row = fleetRow('acme', { light: 'yellow', reasons: [...reasons] });
    expect(open([row]).selected()).toMatch(/acme +▲ yellow +no heartbeat +1 m ago +1\.0/);
  });

  it('reads the fleet at first, and says so', () => {
    const driver = new Driver();
    driver.state = { ...driver.state, overview: null };
    expect(driver.screen()).toContain('Reading the fleet …');
    expect(driver.asked('fleet')).toBeUndefined();
  });

  it('says how to begin where there is no customer', () => {
    expect(open([]).screen()).toContain(
      'There is no customer yet. Press 5, then n, to create one.',
    );
  });

  it('says how to see everything again where nothing matches', () => {
    expect(open().press('o').list('fleet', []).screen()).toContain('Nothing matches. esc shows');
  });

  it('opens a node, and leaves it as it was again', () => {
    const driver = open().press('G', 'enter');
    expect(viewOf(driver)?.opened).toEqual(['zeta']);
    driver.list('fleet', [...ROWS.slice(0, 4), fleetRow('zeta', { openness: 'open' })]);
    expect(viewOf(driver.press('enter'))).toMatchObject({ opened: [], closed: [] });
  });

  it('opens a node but once, however often the key repeats before the answer comes', () => {
    expect(viewOf(open().press('G', 'right', 'right', 'l'))?.opened).toEqual(['zeta']);
  });

  it('opens a customer of which only what is not well is shown, from itself and from the rest', () => {
    const rows = [
      fleetRow('acme', { openness: 'worst' }),
      fleetRow('acme/pc-1'),
      fleetRow('acme/…', { kind: 'rest', openness: null, light: null }),
    ];
    expect(viewOf(open(rows).press('enter'))?.opened).toEqual(['acme']);
    const driver = open(rows).press('G', 'enter');
    expect(viewOf(driver)?.opened).toEqual(['acme']);
    expect(driver.selected()).toContain('acme');
    expect(driver.asked('fleet')?.input.slice).toEqual({ key: 'acme', index: 0 });
  });

  it('has nothing to copy or to explain in the line of the rest', () => {
    const driver = open([fleetRow('acme/…', { kind: 'rest', light: null })]).press('y', 'w');
    expect([driver.effects, driver.state.dialog]).toEqual([[], null]);
  });

  it('opens the instance of a machine that has but one', () => {
    const { state } = open().press('down', 'enter');
    expect([state.screen, state.instance.path]).toEqual(['instance', 'acme/pc-1/app']);
  });

  it('opens an instance', () => {
    const { state } = open().press('down', 'down', 'down', 'enter');
    expect([state.screen, state.instance.path]).toEqual(['instance', 'acme/pc-2/app']);
  });

  it('shows the only instance of a machine as a row, where it is expanded', () => {
    expect(viewOf(open().press('down', 'right'))?.opened).toEqual(['acme/pc-1']);
  });

  it('closes what is open, and else goes to the node above', () => {
    const driver = open().press('down', 'down', 'down', 'left');
    expect(driver.selected()).toContain('pc-2');
    expect(viewOf(driver)?.closed).toEqual([]);
    expect(viewOf(driver.press('h'))?.closed).toEqual(['acme/pc-2']);
  });

  it('stays at a customer at the top that is collapsed', () => {
    const driver = open([fleetRow('acme'), fleetRow('zeta')]).press('down', 'left');
    expect(driver.selected()).toContain('zeta');
  });

  it('goes to a node above that is further away than what is here', () => {
    const driver = new Driver();
    const rows = [fleetRow('acme/pc-300'), fleetRow('acme/pc-301')];
    driver.answer('fleet', { rows, from: 300, total: 600, index: 300 }).press('left');
    expect(driver.asked('fleet')?.input.slice).toEqual({ key: 'acme', index: 300 });
    driver.answer('fleet', { rows: ROWS, from: 0, total: 600, index: 0 });
    expect(driver.selected()).toContain('acme');
  });

  it('shows only what is red, and everything again', () => {
    const driver = open().press('G', 'enter', 'o');
    expect(viewOf(driver)).toMatchObject({ onlyRed: true, opened: [] });
    expect(driver.screen()).toContain('only red');
    expect(viewOf(driver.press('o'))?.onlyRed).toBe(false);
  });

  it('goes through the orders, and starts again at the top', () => {
    const driver = open().press('G');
    const orders = [1, 2, 3].map(() => viewOf(driver.press('s'))?.order);
    expect(orders).toEqual(['name', 'silence', 'worst']);
    expect(driver.asked('fleet')?.input.slice).toEqual({ key: null, index: 0 });
  });

  it('narrows while a filter is typed, and keeps it on enter', () => {
    const driver = open().press('/').type('pc 1');
    expect(viewOf(driver)?.filter).toBe('pc 1');
    expect(driver.lines().at(-1)).toBe('/pc 1 ');
    expect(viewOf(driver.press('enter'))?.filter).toBe('pc 1');
    expect(driver.screen()).toContain('filter: pc 1');
  });

  it('goes on with the filter as it is', () => {
    const driver = open().press('/').type('pc').press('enter', '/').type('-1');
    expect(viewOf(driver)?.filter).toBe('pc-1');
  });

  it('leaves the filter and only red on esc, before it leaves the screen', () => {
    const driver = open().press('5', '1').press('/').type('pc').press('enter', 'o', 'esc');
    expect(viewOf(driver)).toMatchObject({ filter: '', onlyRed: false });
    expect(driver.state.screen).toBe('fleet');
    expect(driver.press('esc').state.screen).toBe('customers');
  });

  it('copies the path of a node', () => {
    expect(open().press('down', 'y').effects).toEqual([{ kind: 'copy', text: 'acme/pc-1' }]);
  });

  it('asks why a node is as it is', () => {
    expect(open().press('down', 'w').asked('why')?.input).toEqual({ path: 'acme/pc-1' });
  });

  it('does nothing with keys that need a row where there is none', () => {
    const driver = open([]).press('enter', 'right', 'left', 'y', 'w', 'down', 'pagedown');
    expect(driver.effects).toEqual([]);
    expect(driver.state).toMatchObject({ screen: 'fleet', dialog: null });
  });

  it('keeps the selected row through news, wherever it goes', () => {
    const driver = open().press('down', 'down', 'down');
    driver.send({ type: 'overview', overview: overview({ revision: 2 }) });
    expect(driver.asked('fleet')?.input.slice).toEqual({ key: 'acme/pc-2/app', index: 3 });
    driver.list('fleet', [fleetRow('new'), ...ROWS]);
    expect(driver.selected()).toContain('app');
  });

  it('keeps the selected row in sight when the terminal becomes lower', () => {
    const rows = Array.from({ length: 100 }, (_, at) => fleetRow(`customer-${at}`));
    const driver = open(rows).press('pagedown');
    const before = driver.selected();
    driver.send({ type: 'resize', columns: 100, rows: 15 });
    expect(driver.selected()).toBe(before);
  });
});
