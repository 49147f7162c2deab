import { describe, expect, it } from 'vitest';
import { showLine } from '../../../src/dashboard/data/fleet-rows.ts';
import { type FleetView, keyOfNode, listLines } from '../../../src/dashboard/data/lines.ts';
import { watchAt } from '../../support/health-state.ts';
import { HOUR, T0 } from '../../support/instance-model.ts';
import { DEGRADED, growFleet, SILENT } from '../support/fleet-tree.ts';

const FLEET = growFleet(['acme', 'acme>plant', 'zeta', 'empty'], {
  'acme/hall-1/app': {},
  'acme/hall-2/app': DEGRADED,
  'acme/hall-2/watchdog': {},
  'plant/press-1/app': SILENT,
  'zeta/pc-1/app': {},
});

function list(view: Partial<FleetView> = {}, fleet = FLEET): string[] {
  const complete = { toggled: [], filter: '', order: 'worst', onlyRed: false, ...view } as const;
  return listLines(fleet, complete).map(
    ({ node, depth, isExpanded }) =>
      `${'  '.repeat(depth)}${isExpanded ? '- ' : ''}${keyOfNode(node)}`,
  );
}

describe('the tree of the fleet', () => {
  it('starts with the customers at the top, the worst first', () => {
    expect(list()).toEqual(['acme', 'zeta', 'empty']);
  });

  it('shows below an opened customer its customers and then its machines, the worst first', () => {
    expect(list({ toggled: ['acme'] })).toEqual([
      ...['- acme', '  plant', '  acme/hall-2', '  acme/hall-1', 'zeta', 'empty'],
    ]);
  });

  it('remembers what is open below a customer that is closed', () => {
    const toggled = ['acme/hall-2', 'plant'];
    expect(list({ toggled })).toEqual(['acme', 'zeta', 'empty']);
    expect(list({ toggled: [...toggled, 'acme'] }).slice(0, 6)).toEqual([
      ...['- acme', '  - plant', '    plant/press-1', '  - acme/hall-2'],
      ...['    acme/hall-2/app', '    acme/hall-2/watchdog'],
    ]);
  });

  it('opens also a machine with a single instance', () => {
    expect(list({ toggled: ['zeta', 'zeta/pc-1'] })).toContain('    zeta/pc-1/app');
  });

  it('forgets what is toggled and no longer there', () => {
    expect(list({ toggled: ['gone', 'gone/pc-1'] })).toEqual(list());
  });
});

describe('the order of the tree', () => {
  it('is by name', () => {
    expect(list({ order: 'name', toggled: ['acme'] })).toEqual([
      ...['- acme', '  plant', '  acme/hall-1', '  acme/hall-2', 'empty', 'zeta'],
    ]);
  });

  it('is by the last heartbeat of anything below, the longest silence first', () => {
    const fleet = growFleet(['a', 'b', 'c'], {
      'a/pc-1/app': { last_beat_at: T0 - 1 },
      'b/pc-1/app': { last_beat_at: T0 - HOUR },
      'b/pc-2/app': { last_beat_at: T0 },
      'c/pc-1/app': { last_beat_at: T0 - 2 },
    });
    const view = { order: 'silence', toggled: ['b'] } as const;
    expect(list(view, fleet)).toEqual(['c', 'a', '- b', '  b/pc-1', '  b/pc-2']);
  });

  it('is by name where two are equally bad', () => {
    const fleet = growFleet(['b', 'a', 'c'], { 'c/pc-1/app': SILENT });
    expect(list({}, fleet)).toEqual(['c', 'a', 'b']);
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

  it('leaves a customer that matches closed, and shows all that is below once it is opened', () => {
    expect(list({ filter: 'acme' })).toEqual(['acme']);
    expect(list({ filter: 'acme', toggled: ['acme'] })).toEqual([
      ...['- acme', '  plant', '  acme/hall-2', '  acme/hall-1'],
    ]);
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

  it('is opened down to the red instances of a machine with several', () => {
    const fleet = growFleet(['acme'], { 'acme/pc-1/app': SILENT, 'acme/pc-1/watchdog': {} });
    expect(list({ onlyRed: true }, fleet)).toEqual([
      ...['- acme', '  - acme/pc-1', '    acme/pc-1/app'],
    ]);
  });

  it('is closed where it was toggled', () => {
    expect(list({ onlyRed: true, toggled: ['plant'] })).toEqual(['- acme', '  plant']);
  });

  it('can be filtered as well', () => {
    expect(list({ onlyRed: true, filter: 'hall' })).toEqual([]);
    expect(list({ onlyRed: true, filter: 'press' })).toHaveLength(3);
  });
});

describe('a line of the tree', () => {
  const rowsOf = (fleet: typeof FLEET) => {
    const view = { toggled: [], filter: '/', order: 'name', onlyRed: false } as const;
    const lines = listLines(fleet, view).map((line) => showLine(line, watchAt(0)));
    return Object.fromEntries(lines.map((row) => [row.key, row]));
  };

  it('names the only instance of a machine, and none of a machine with several', () => {
    const rows = rowsOf(FLEET);
    expect(rows['zeta/pc-1']).toMatchObject({ instance: 'zeta/pc-1/app', isExpanded: false });
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
    const view = { toggled: [], filter: '', order: 'name', onlyRed: false } as const;
    const rows = listLines(FLEET, view).map((line) => showLine(line, watchAt(0)));
    expect(rows.map(({ key, isExpanded }) => [key, isExpanded])).toEqual([
      ['acme', false],
      ['empty', null],
      ['zeta', false],
    ]);
  });
});
