/** Screen 1: the traffic-light tree, worst first, with its reasons in words. */
import { formatDayTime } from '../../cli/time.ts';
import type { HealthReason } from '../../domain/health/judge.ts';
import { formatRelative } from '../../domain/time/instant.ts';
import { openWhy } from '../actions/why.ts';
import { FLEET_ORDERS, type FleetView } from '../data/lines.ts';
import type { FleetRow } from '../data/requests.ts';
import { openFilter } from '../dialogs/filter.ts';
import { bodyHeight } from '../drawing/layout.ts';
import { showLight } from '../drawing/light.ts';
import {
  BLANK,
  fillLines,
  fitLine,
  type Line,
  line,
  measureLine,
  padLine,
  span,
  type Tone,
} from '../drawing/line.ts';
import { anchorAtSelected, receiveWindow, selectedRow, startOver } from '../list.ts';
import type { FleetScreen, State } from '../state.ts';
import { go, goAnd, type Update } from '../update.ts';
import { moveIn } from './list-commands.ts';
import { openInstance } from './navigation.ts';
import { DETAIL_ROWS, renderBelow, renderRows } from './rows.ts';
import type { Screen } from './screen.ts';

const HEADER_ROWS = 1;

const AS_BY_DEFAULT = { opened: [], closed: [] };

export const fleetScreen: Screen = {
  places: () => ['fleet', 'list', 'everywhere'],
  ask: ({ fleet: { view, list } }) => [{ kind: 'fleet', input: { view, slice: list.anchor } }],
  receive: (state, { kind, input, output }) => {
    if (kind !== 'fleet') return state;
    const received = { asked: input.slice, height: listHeight(state) };
    return change(state, { list: receiveWindow(state.fleet.list, output, received) });
  },
  renew: (state) => change(state, { list: anchorAtSelected(state.fleet.list) }),
  commands: {
    ...moveIn({
      get: ({ fleet }) => fleet.list,
      set: (state, list) => change(state, { list }),
      height: listHeight,
    }),
    open,
    expand,
    collapse,
    sort: (state) => look(state, { order: nextOrder(state.fleet.view) }),
    'only-red': (state) => look(state, { onlyRed: !state.fleet.view.onlyRed, ...AS_BY_DEFAULT }),
    filter: (state) => openFilter(state, state.fleet.view.filter),
    back: (state) => {
      const { filter, onlyRed } = state.fleet.view;
      return filter === '' && !onlyRed
        ? null
        : look(state, { filter: '', onlyRed: false, ...AS_BY_DEFAULT });
    },
    why: (state) => {
      const row = selectedRow(state.fleet.list);
      return go(row && row.kind !== 'rest' ? openWhy(state, row.key) : state);
    },
    copy: (state) => {
      const row = selectedRow(state.fleet.list);
      return row && row.kind !== 'rest' ? goAnd(state, { kind: 'copy', text: row.key }) : go(state);
    },
  },
  render: renderFleet,
};

/** Filters the tree; an empty text shows everything. */
export function filterFleet(state: State, filter: string): State {
  return look(state, { filter, ...AS_BY_DEFAULT }).state;
}

function listHeight(state: State): number {
  return bodyHeight(state) - HEADER_ROWS - DETAIL_ROWS;
}

function change(state: State, changes: Partial<FleetScreen>): State {
  return { ...state, fleet: { ...state.fleet, ...changes } };
}

/** Looks at the tree in another way, from the top. */
function look(state: State, changes: Partial<FleetView>): Update {
  const { view, list } = state.fleet;
  return go(change(state, { view: { ...view, ...changes }, list: startOver(list) }));
}

function open(state: State): Update {
  const row = selectedRow(state.fleet.list);
  if (!row) return go(state);
  if (row.instance !== null) return go(openInstance(state, row.instance));
  return row.openness === 'open' ? collapse(state) : expand(state);
}

function expand(state: State): Update {
  const row = selectedRow(state.fleet.list);
  if (row?.kind === 'rest') {
    return go(setOpenness(selectParent(state, row), keyAbove(row), 'open'));
  }
  return go(row?.openness ? setOpenness(state, row.key, 'open') : state);
}

/** One step less is shown; what is closed already leads to what is above it. */
function collapse(state: State): Update {
  const row = selectedRow(state.fleet.list);
  if (!row) return go(state);
  if (state.fleet.view.opened.includes(row.key)) return go(setOpenness(state, row.key, null));
  const isShut = row.openness === null || row.openness === 'closed';
  return go(isShut ? selectParent(state, row) : setOpenness(state, row.key, 'closed'));
}

/** Opens or closes a node; null leaves it as by default. */
function setOpenness(state: State, key: string, wanted: 'open' | 'closed' | null): State {
  const { view, list } = state.fleet;
  const others = (keys: readonly string[]) => keys.filter((each) => each !== key);
  const [opened, closed] = [others(view.opened), others(view.closed)];
  const next = {
    ...view,
    opened: wanted === 'open' ? [...opened, key] : opened,
    closed: wanted === 'closed' ? [...closed, key] : closed,
  };
  return change(state, { view: next, list: anchorAtSelected(list) });
}

function selectParent(state: State, row: FleetRow): State {
  const { list } = state.fleet;
  const before = list.rows.slice(0, list.index - list.from);
  const at = before.findLastIndex(({ depth }) => depth < row.depth);
  if (at === -1 && row.kind === 'customer') return state;
  // Further above than what is here: it is asked for.
  const above = { key: keyAbove(row), index: list.index };
  if (at === -1) return change(state, { list: { ...list, anchor: above } });
  const index = list.from + at;
  return change(state, { list: { ...list, index, top: Math.min(list.top, index) } });
}

/** Of a machine, of an instance, and of what stands for the rest of a customer. */
function keyAbove({ key }: FleetRow): string {
  return key.slice(0, key.lastIndexOf('/'));
}

function nextOrder({ order }: FleetView): FleetView['order'] {
  const next = (FLEET_ORDERS.indexOf(order) + 1) % FLEET_ORDERS.length;
  return FLEET_ORDERS[next] ?? 'worst';
}

function renderFleet(state: State, height: number): readonly Line[] {
  const { list, view } = state.fleet;
  const atMs = state.overview?.atMs ?? 0;
  const widths = measureColumns(state.columns);
  const listRows = height - HEADER_ROWS - DETAIL_ROWS;
  const head = list.isLoaded ? describeView(view, list.total) : line('…', 'dim');
  if (list.isLoaded && list.total === 0) return [head, line(describeEmpty(view), 'dim')];
  const show = (row: FleetRow) => renderRow(row, widths, atMs);
  const rows = renderRows(list, { width: state.columns, height: listRows, show });
  const below = renderBelow(describeSelected(selectedRow(list), atMs), state.columns);
  return [head, ...fillLines(rows, listRows), ...below];
}

/** The whole of what the row is too short for. */
function describeSelected(row: FleetRow | undefined, atMs: number): Line {
  if (row === undefined || row.light === null) return [];
  return [span(`${row.key} `, 'bold'), showLight(row.light), span(` ${listReasons(row, atMs)}`)];
}

interface Widths {
  name: number;
  reasons: number;
  beat: number;
  version: number;
}

const MINUTE_MS = 60_000;

const LIGHT_WIDTH = 9;
const BEAT_WIDTH = 10;

function measureColumns(columns: number): Widths {
  const version = columns >= 100 ? 14 : 0;
  const name = Math.min(44, Math.max(26, Math.floor(columns * 0.32)));
  const reasons = Math.max(0, columns - 2 - name - LIGHT_WIDTH - BEAT_WIDTH - version);
  return { name, reasons, beat: BEAT_WIDTH, version };
}

function renderRow(row: FleetRow, widths: Widths, atMs: number): Line {
  const beat = row.lastBeatAtMs === null ? '' : describeBeat(row.lastBeatAtMs, atMs);
  return [
    ...padLine(renderName(row, widths.name - 1), widths.name),
    ...padLine(row.light === null ? BLANK : [showLight(row.light)], LIGHT_WIDTH),
    ...padLine(renderReasons(row, atMs, widths.reasons), widths.reasons),
    ...padLine(line(beat), widths.beat, 'right'),
    ...(widths.version > 0 ? padLine(line(`  ${row.version ?? ''}`, 'dim'), widths.version) : []),
  ];
}

/** Seconds would repaint every row every second, and say nothing about a device that beats once a minute. */
function describeBeat(lastBeatAtMs: number, atMs: number): string {
  return atMs - lastBeatAtMs < MINUTE_MS ? '<1 m ago' : formatRelative(lastBeatAtMs, atMs);
}

const NAME_TONES: Partial<Record<FleetRow['kind'], Tone>> = { customer: 'bold', rest: 'dim' };

function renderName({ depth, openness, name, title, kind }: FleetRow, width: number): Line {
  const mark = openness === null ? ' ' : openness === 'closed' ? '▸' : '▾';
  const text = `${'  '.repeat(depth)}${mark} `;
  const short = [span(text, 'dim'), span(name, NAME_TONES[kind] ?? null)];
  const long = title === null ? short : [...short, span(`  ${title}`, 'dim')];
  return fitLine(title !== name && measureLine(long) <= width ? long : short, width);
}

/** How long a device is silent says the reason itself. */
function describeReason({ code, text, since }: HealthReason, atMs: number): string {
  return since === null || code === 'overdue'
    ? text
    : `${text}, since ${formatDayTime(since, atMs)}`;
}

function renderReasons(row: FleetRow, atMs: number, width: number): Line {
  return fitLine(line(listReasons(row, atMs)), Math.max(0, width - 1));
}

function listReasons({ reasons }: FleetRow, atMs: number): string {
  return reasons.map((reason) => describeReason(reason, atMs)).join('; ');
}

function describeView({ filter, order, onlyRed }: FleetView, total: number): Line {
  const parts = [
    `${total} rows`,
    `order: ${order === 'silence' ? 'longest silence' : order} first`.replace('name first', 'name'),
    ...(onlyRed ? ['only red'] : []),
    ...(filter === '' ? [] : [`filter: ${filter}`]),
  ];
  return line(parts.join('   '), 'dim');
}

function describeEmpty({ filter, onlyRed }: FleetView): string {
  if (filter !== '' || onlyRed) return 'Nothing matches. esc shows everything again.';
  return 'There is no customer yet. Press 5, then n, to create one.';
}
