/** Screen 1: the traffic-light tree, worst first, with its reasons in words. */
import { formatRelative } from '../../domain/instant.ts';
import { FLEET_ORDERS, type FleetView } from '../data/lines.ts';
import type { FleetRow } from '../data/requests.ts';
import { describeReason } from '../describe.ts';
import { openFilter } from '../dialogs/filter.ts';
import { bodyHeight } from '../layout.ts';
import { showLight } from '../light.ts';
import { fillLines, fitLine, type Line, line, measureLine, padLine, span } from '../line.ts';
import { anchorAtSelected, receiveWindow, selectedRow, startOver, visibleRows } from '../list.ts';
import type { FleetScreen, State } from '../state.ts';
import { go, goAnd, type Update } from '../update.ts';
import { openWhy } from '../why.ts';
import { moveIn } from './list-commands.ts';
import { openInstance } from './navigation.ts';
import { DETAIL_ROWS, renderBelow, renderRows } from './rows.ts';
import type { Screen } from './screen.ts';

const HEADER_ROWS = 1;

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
    expand: (state) => toggle(state, true),
    collapse,
    sort: (state) => look(state, { order: nextOrder(state.fleet.view) }),
    'only-red': (state) => look(state, { onlyRed: !state.fleet.view.onlyRed, toggled: [] }),
    filter: (state) => openFilter(state, state.fleet.view.filter),
    back: (state) => {
      const { filter, onlyRed } = state.fleet.view;
      return filter === '' && !onlyRed
        ? null
        : look(state, { filter: '', onlyRed: false, toggled: [] });
    },
    why: (state) => {
      const row = selectedRow(state.fleet.list);
      return go(row ? openWhy(state, row.key) : state);
    },
    copy: (state) => {
      const row = selectedRow(state.fleet.list);
      return row ? goAnd(state, { kind: 'copy', text: row.key }) : go(state);
    },
  },
  render: renderFleet,
};

/** Filters the tree; an empty text shows everything. */
export function filterFleet(state: State, filter: string): State {
  return look(state, { filter, toggled: [] }).state;
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
  const isLeaf = row.kind === 'software' || (row.kind === 'machine' && row.instance !== null);
  if (isLeaf && row.instance !== null) return go(openInstance(state, row.instance));
  return toggle(state, !row.isExpanded);
}

/** What the view remembers of a node is whether it is as by default. */
function toggle(state: State, isWanted: boolean): Update {
  const row = selectedRow(state.fleet.list);
  if (!row || row.isExpanded === null || row.isExpanded === isWanted) return go(state);
  const { view, list } = state.fleet;
  const others = view.toggled.filter((key) => key !== row.key);
  const toggled = others.length < view.toggled.length ? others : [...others, row.key];
  return go(change(state, { view: { ...view, toggled }, list: anchorAtSelected(list) }));
}

function collapse(state: State): Update {
  const row = selectedRow(state.fleet.list);
  if (!row) return go(state);
  return row.isExpanded ? toggle(state, false) : go(selectParent(state, row));
}

function selectParent(state: State, { depth }: FleetRow): State {
  const { list } = state.fleet;
  const above = list.rows.slice(0, list.index - list.from);
  const at = above.findLastIndex((row) => row.depth < depth);
  if (at === -1) return state;
  const index = list.from + at;
  return change(state, { list: { ...list, index, top: Math.min(list.top, index) } });
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
  const rows = visibleRows(list, listRows);
  const head = describeView(view, list.total);
  if (list.isLoaded && list.total === 0) return [head, line(describeEmpty(view), 'dim')];
  const show = (row: FleetRow) => renderRow(row, widths, atMs);
  return [
    head,
    ...fillLines(renderRows(rows, { list, width: state.columns, show }), listRows),
    ...renderBelow(describeSelected(selectedRow(list), atMs), state.columns),
  ];
}

function describeSelected(row: FleetRow | undefined, atMs: number): Line {
  if (row === undefined) return [];
  return [span(`${row.key}  `, 'bold'), showLight(row.light), span(`  ${listReasons(row, atMs)}`)];
}

interface Widths {
  name: number;
  reasons: number;
  beat: number;
  version: number;
}

const LIGHT_WIDTH = 9;
const BEAT_WIDTH = 10;

function measureColumns(columns: number): Widths {
  const version = columns >= 100 ? 14 : 0;
  const name = Math.min(48, Math.max(26, Math.floor(columns * 0.36)));
  const reasons = Math.max(0, columns - 2 - name - LIGHT_WIDTH - BEAT_WIDTH - version);
  return { name, reasons, beat: BEAT_WIDTH, version };
}

function renderRow(row: FleetRow, widths: Widths, atMs: number): Line {
  const beat = row.lastBeatAtMs === null ? '' : formatRelative(row.lastBeatAtMs, atMs);
  return [
    ...padLine(renderName(row, widths.name - 1), widths.name),
    ...padLine([showLight(row.light)], LIGHT_WIDTH),
    ...padLine(renderReasons(row, atMs, widths.reasons), widths.reasons),
    ...padLine(line(beat), widths.beat, 'right'),
    ...(widths.version > 0 ? padLine(line(`  ${row.version ?? ''}`, 'dim'), widths.version) : []),
  ];
}

function renderName({ depth, isExpanded, name, title, kind }: FleetRow, width: number): Line {
  const mark = isExpanded === null ? ' ' : isExpanded ? '▾' : '▸';
  const text = `${'  '.repeat(depth)}${mark} `;
  const short = [span(text, 'dim'), span(name, kind === 'customer' ? 'bold' : null)];
  const long = title === null ? short : [...short, span(`  ${title}`, 'dim')];
  return fitLine(title !== name && measureLine(long) <= width ? long : short, width);
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
