import { describe, expect, it } from 'vitest';
import { showLine } from '../../../src/dashboard/data/fleet-rows.ts';
import {
  type FleetLine,
  type FleetView,
  keyOfLine,
  listLines,
} from '../../../src/dashboard/data/lines.ts';
import { watchAt } from '../../support/health-state.ts';
import { HOUR, T0 } from '../../support/instance-model.ts';
import { DEGRADED, growFleet, SILENT } from '../support/fleet-tree.ts';

const VIEW: FleetView = { opened: [], closed: [], filter: '', order: 'worst', onlyRed: false };

const FLEET = growFleet(['acme', 'acme>plant', 'zeta', 'empty'], {
  'acme/hall-1/app': {},
  'acme/hall-2/app': DEGRADED,
  'acme/hall-2/watchdog': {},
  'plant/press-1/app': SILENT,
  'zeta/pc-1/app': {},
});

const MARKS = { open: '- ', worst: '~ ', closed: '' } as const;

function list(view: Partial<FleetView> = {}, fleet = FLEET): string[] {
  return listLines(fleet, { ...VIEW, ...view }).map(
    (line) => `${'  '.repeat(line.depth)}${markOf(line)}${keyOfLine(line)}`,
  );
}

function markOf(line: FleetLine): string {
  return line.kind === 'node' ? MARKS[line.openness] : '';
}

/** So many machines of the customer, of which so many are silent. */
function growMachines(count: number, silent: number) {
  const machines = Array.from({ length: count }, (_, at) => {
    const name = String(at).padStart(2, '0');
    return [`acme/pc-${name}/app`, at < silent ? SILENT : {}] as const;
  });
  return growFleet(['acme'], Object.fromEntries(machines));
}

describe('the tree of the fleet', () => {
  it('shows of each customer what is not well, the worst first, and stands for the rest', () => {
    expect(list()).toEqual([
      ...['~ acme', '  ~ plant', '    plant/press-1', '  acme/hall-2', '  acme/…'],
      ...['zeta', 'empty'],
    ]);
  });

  it('shows of many machines that are not well but a few', () => {
    const lines = list({}, growMachines(20, 15));
    expect(lines.slice(0, 2)).toEqual(['~ acme', '  acme/pc-00']);
    expect(lines.slice(8)).toEqual(['  acme/pc-07', '  acme/…']);
  });

  it('has no line for a rest of nothing', () => {
    expect(list({}, growMachines(2, 2))).toEqual(['~ acme', '  acme/pc-00', '  acme/pc-01']);
  });

  it('shows all that an opened customer has, the worst first', () => {
    expect(list({ opened: ['acme'] }).slice(0, 5)).toEqual([
      ...['- acme', '  ~ plant', '    plant/press-1', '  acme/hall-2', '  acme/hall-1'],
    ]);
  });

  it('shows nothing of a closed customer', () => {
    expect(list({ closed: ['acme'] })).toEqual(['acme', 'zeta', 'empty']);
  });

  it('remembers what is open below a customer that is closed', () => {
    const opened = ['acme/hall-2'];
    expect(list({ opened, closed: ['acme'] })).toEqual(['acme', 'zeta', 'empty']);
    expect(list({ opened }).slice(3, 6)).toEqual([
      ...['  - acme/hall-2', '    acme/hall-2/app', '    acme/hall-2/watchdog'],
    ]);
  });

  it('opens also a machine with a single instance', () => {
    expect(list({ opened: ['zeta', 'zeta/pc-1'] })).toContain('    zeta/pc-1/app');
  });

  it('forgets what was opened or closed and is no longer there', () => {
    expect(list({ opened: ['gone', 'gone/pc-1'], closed: ['gone/pc-2'] })).toEqual(list());
  });
});

describe('the order of the tree', () => {
  const opened = ['acme', 'b'];

  it('is by name, customers before machines', () => {
    expect(list({ order: 'name', opened })).toEqual([
      ...['- acme', '  ~ plant', '    plant/press-1', '  acme/hall-1', '  acme/hall-2'],
      ...['empty', 'zeta'],
    ]);
  });

  it('is by the last heartbeat of anything below, the longest silence first', () => {
    const fleet = growFleet(['a', 'b', 'c'], {
      'a/pc-1/app': { last_beat_at: T0 - 1 },
      'b/pc-1/app': { last_beat_at: T0 - 3 },
      'b/pc-2/app': { last_beat_at: T0 },
      'c/pc-1/app': { last_beat_at: T0 - 2 },
    });
    const view = { order: 'silence', opened } as const;
    expect(list(view, fleet)).toEqual(['c', 'a', '- b', '  b/pc-1', '  b/pc-2']);
  });

  it('is by name where two are equally bad', () => {
    const fleet = growFleet(['b', 'a', 'c'], { 'c/pc-1/app': SILENT });
    expect(list({ closed: ['c'] }, fleet)).toEqual(['c', 'a', 'b']);
  });
});

describe('the filtered tree', () => {
  it('shows what matches with all that is above it', () => {
    expect(list({ filter: 'press-1' })).toEqual(['- acme', '  - plant', '    plant/press-1']);
  });

  it('opens the way down to an instance', () => {
    expect(list({ filter: 'hall-2/watch' })).toEqual([
      ...['- acme', '  - acme/hall-2', '    acme/hall-2/watchdog'],
    ]);
  });

  it('shows of a customer that matches what is not well, and all once it is opened', () => {
    const lines = list({ filter: 'acme' });
    expect(lines).toEqual([
      '~ acme',
      '  ~ plant',
      '    plant/press-1',
      '  acme/hall-2',
      '  acme/…',
    ]);
    expect(list({ filter: 'acme', opened: ['acme'] })).toContain('  acme/hall-1');
  });

  it('finds a machine that is well and that no line would be left for', () => {
    expect(list({ filter: 'pc-19' }, growMachines(20, 15))).toEqual(['- acme', '  acme/pc-19']);
  });

  it('looks at the name of a customer, and not at upper and lower case', () => {
    expect(list({ filter: 'eMpT' })).toEqual(['empty']);
    expect(list({ filter: 'ZETA' })).toEqual(['zeta']);
  });

  it('is empty where nothing matches', () => {
    expect(list({ filter: 'no such thing' })).toEqual([]);
  });
});

describe('only what is red', () => {
  it('is opened down to the machines', () => {
    expect(list({ onlyRed: true })).toEqual(['- acme', '  - plant', '    plant/press-1']);
  });

  it('is all of it, however much it is', () => {
    expect(list({ onlyRed: true }, growMachines(20, 15))).toHaveLength(16);
  });

  it('is opened down to the red instances of a machine with several', () => {
    const fleet = growFleet(['acme'], { 'acme/pc-1/app': SILENT, 'acme/pc-1/watchdog': {} });
    expect(list({ onlyRed: true }, fleet)).toEqual([
      ...['- acme', '  - acme/pc-1', '    acme/pc-1/app'],
    ]);
  });

  it('can be closed', () => {
    expect(list({ onlyRed: true, closed: ['plant'] })).toEqual(['- acme', '  plant']);
  });

  it('can be filtered as well', () => {
    expect(list({ onlyRed: true, filter: 'hall' })).toEqual([]);
    expect(list({ onlyRed: true, filter: 'press' })).toHaveLength(3);
  });
});

describe('a line of the tree', () => {
  const rowsOf = (fleet: typeof FLEET) => {
    const lines = listLines(fleet, { ...VIEW, filter: '/' }).map((line) =>
      showLine(line, watchAt(0)),
    );
    return Object.fromEntries(lines.map((row) => [row.key, row]));
  };

  it('names the only instance of a machine, and none of a machine with several', () => {
    const rows = rowsOf(FLEET);
    expect(rows['zeta/pc-1']).toMatchObject({
      ...{ instance: 'zeta/pc-1/app', openness: 'closed' },
    });
    expect(rows['acme/hall-2']?.instance).toBeNull();
  });

  it('has the version of a machine where all its instances have the same', () => {
    const fleet = growFleet(['acme'], {
      'acme/pc-1/app': { version: '1.0' },
      'acme/pc-1/watchdog': { version: '1.0' },
      'acme/pc-2/app': { version: '1.0' },
      'acme/pc-2/watchdog': { version: '2.0' },
    });
    const rows = rowsOf(fleet);
    expect([rows['acme/pc-1']?.version, rows['acme/pc-2']?.version]).toEqual(['1.0', null]);
  });

  it('says in words why it is red, and since when it is silent', () => {
    const row = rowsOf(FLEET)['plant/press-1'];
    expect(row).toMatchObject({ light: 'red', lastBeatAtMs: T0 - HOUR });
    expect(row?.reasons.map(({ code }) => code)).toEqual(['overdue']);
  });

  it('cannot be opened where nothing is below it', () => {
    const view = { ...VIEW, closed: ['acme'] };
    const rows = listLines(FLEET, view).map((line) => showLine(line, watchAt(0)));
    expect(rows.map(({ key, openness }) => [key, openness])).toEqual([
      ['acme', 'closed'],
      ['zeta', 'closed'],
      ['empty', null],
    ]);
  });

  it('that stands for the rest says what that is', () => {
    const namesOf = (fleet: typeof FLEET) =>
      listLines(fleet, VIEW).map((line) => showLine(line, watchAt(0)).name);
    expect(namesOf(FLEET)).toContain('… 1 green more');
    expect(namesOf(growMachines(20, 15))).toContain('… 7 red, 5 green more');
    const family = growFleet(['acme', 'acme>well'], { 'acme/pc-1/app': SILENT });
    expect(namesOf(family)).toContain('… 1 customer more');
  });
});
