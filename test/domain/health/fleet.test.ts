import { describe, expect, it } from 'vitest';
import {
  buildFleet,
  type Fleet,
  type FleetState,
  findNode,
  judgeFleet,
  listChildren,
  nameNode,
  putState,
  summarizeFleet,
} from '../../../src/domain/health/fleet.ts';
import { explainNode } from '../../../src/domain/health/reasons.ts';
import { beating, watchAt } from '../../support/health-state.ts';
import { T0 } from '../../support/instance-model.ts';

const WATCH = watchAt(0);

const CUSTOMERS = [
  { slug: 'plant-south', name: 'South', parent: 'my-company' },
  { slug: 'my-company', name: 'My Company', parent: null },
  { slug: 'line-9', name: 'Line 9', parent: 'plant-south' },
  { slug: 'orphan', name: 'Orphan', parent: 'deactivated' },
];

const GREEN = {};
const RED = { status: 'error', status_since: T0 };
const YELLOW = { status: 'degraded', status_since: T0 };
const GREY = { last_beat_at: null, up_since: null };

/** The judged tree of the customers with these instances, by path. */
function grow(instances: Record<string, Partial<FleetState>>): Fleet {
  const fleet = buildFleet(CUSTOMERS);
  for (const [path, changes] of Object.entries(instances)) {
    const [customer = '', machine = '', software = ''] = path.split('/');
    putState(fleet, beating({ customer, machine, software, ...changes }));
  }
  judgeFleet(fleet, WATCH);
  return fleet;
}

const lightOf = (fleet: Fleet, path: string) => {
  const [customer = '', machine, software] = path.split('/');
  return findNode(fleet, { customer, machine, software })?.light;
};

describe('the fleet as a tree', () => {
  it('puts customers below their parents by slug, and at the top where the parent is hidden', () => {
    const { roots } = buildFleet(CUSTOMERS);
    expect(roots.map(({ slug }) => slug)).toEqual(['my-company', 'orphan']);
    expect(roots[0]?.customers[0]?.customers[0]?.slug).toBe('line-9');
  });

  it.each([
    ['red', [GREEN, YELLOW, RED, GREY]],
    ['yellow', [GREY, GREEN, YELLOW]],
    ['green', [GREY, GREEN]],
    ['grey', [GREY, GREY]],
  ])('shows %s where a machine has instances down to that', (light, states) => {
    const paths = states.map((state, at) => [`my-company/pc-1/app-${at}`, state] as const);
    const fleet = grow(Object.fromEntries(paths));
    expect(lightOf(fleet, 'my-company/pc-1')).toBe(light);
    expect(lightOf(fleet, 'my-company')).toBe(light);
    expect(summarizeFleet(fleet).light).toBe(light);
  });

  it('takes lights up through customers of customers, and counts machines on the way', () => {
    const fleet = grow({
      'my-company/pc-1/app': GREEN,
      'plant-south/pc-1/app': YELLOW,
      'line-9/pc-1/app': GREEN,
      'line-9/pc-1/other': RED,
      'line-9/pc-2/app': GREY,
    });
    expect(['my-company', 'plant-south', 'line-9'].map((slug) => lightOf(fleet, slug))).toEqual([
      ...['red', 'red', 'red'],
    ]);
    expect(findNode(fleet, { customer: 'my-company' })).toMatchObject({
      counts: { red: 1, yellow: 1, green: 1, grey: 1 },
    });
    expect(findNode(fleet, { customer: 'line-9' })).toMatchObject({
      counts: { red: 1, yellow: 0, green: 0, grey: 1 },
    });
  });

  it('leaves a customer without machines grey, and says so', () => {
    const fleet = grow({ 'my-company/pc-1/app': GREEN });
    const orphan = findNode(fleet, { customer: 'orphan' });
    expect(orphan?.light).toBe('grey');
    expect(orphan && explainNode(orphan, WATCH)).toEqual([
      { code: 'no_machines', text: 'no machine has reported yet', since: null },
    ]);
    expect(summarizeFleet(fleet).light).toBe('green');
    expect(summarizeFleet(grow({}))).toMatchObject({ light: 'grey' });
  });

  it('explains a machine by those of its software that make its light', () => {
    const fleet = grow({
      'my-company/pc-1/app': { ...RED, two_senders_at: T0 },
      'my-company/pc-1/other': RED,
      'my-company/pc-1/third': YELLOW,
    });
    const node = findNode(fleet, { customer: 'my-company', machine: 'pc-1' });
    expect(node && explainNode(node, WATCH)).toEqual([
      { code: 'status_error', text: 'app: status error', since: T0 },
      { code: 'two_senders', text: 'app: two senders use this path', since: T0 },
      { code: 'status_error', text: 'other: status error', since: T0 },
    ]);
  });

  it('explains a customer by its machines that are not green, and a green one not at all', () => {
    const fleet = grow({
      'my-company/pc-1/app': RED,
      'my-company/pc-2/app': GREY,
      'my-company/pc-3/app': GREEN,
      'orphan/pc-1/app': GREEN,
    });
    const [company, orphan] = fleet.roots;
    expect(company && explainNode(company, WATCH)).toEqual([
      { code: 'machines', text: '1 red, 1 grey of 3 machines', since: null },
    ]);
    expect(orphan && explainNode(orphan, WATCH)).toEqual([]);
  });

  it('takes the newer state in place of the older, and ignores one of no customer', () => {
    const fleet = grow({ 'my-company/pc-1/app': RED, 'stranger/pc-1/app': RED });
    putState(fleet, beating({ machine: 'pc-1', software: 'app' }));
    judgeFleet(fleet, WATCH);
    expect(summarizeFleet(fleet)).toMatchObject({
      light: 'green',
      counts: { red: 0, green: 1 },
    });
  });

  it('finds what stands at a path and below it', () => {
    const fleet = grow({ 'my-company/pc-1/app': GREEN });
    const path = { customer: 'my-company', machine: 'pc-1', software: 'app' };
    const names = [
      summarizeFleet(fleet),
      ...[{ customer: 'my-company' }, { ...path, software: undefined }, path].map((wanted) =>
        findNode(fleet, wanted),
      ),
    ].map((node) => node && [nameNode(node), listChildren(node).map(nameNode)]);
    expect(names).toEqual([
      ['fleet', ['my-company', 'orphan']],
      ['my-company', ['plant-south', 'pc-1']],
      ['pc-1', ['app']],
      ['app', []],
    ]);
    expect(findNode(fleet, { ...path, machine: 'pc-2' })).toBeUndefined();
    expect(findNode(fleet, { customer: 'stranger' })).toBeUndefined();
  });
});
