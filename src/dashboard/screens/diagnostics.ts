/** Screen 3: the open diagnostics of the whole fleet, the worst first. */
import { describeState } from '../../cli/diagnostics/present.ts';
import { nameSeverity } from '../../domain/diagnostics/severity.ts';
import { nameDiagnostic } from '../../domain/diagnostics/target.ts';
import { formatRelative } from '../../domain/time/instant.ts';
import { acknowledge, close } from '../actions/diagnostic-marks.ts';
import { openWhy } from '../actions/why.ts';
import type { DiagnosticRow } from '../data/requests.ts';
import { openFilter, splitWords } from '../dialogs/filter.ts';
import { bodyHeight } from '../drawing/layout.ts';
import {
  fillLines,
  fitEnd,
  fitLine,
  type Line,
  line,
  padLine,
  span,
  type Tone,
} from '../drawing/line.ts';
import { anchorAtSelected, receiveWindow, selectedRow, startOver } from '../list.ts';
import type { DiagnosticsScreen, State } from '../state.ts';
import { go, goAnd, type Update } from '../update.ts';
import { moveIn } from './list-commands.ts';
import { openInstance } from './navigation.ts';
import { DETAIL_ROWS, renderBelow, renderRows } from './rows.ts';
import type { Screen } from './screen.ts';

const HEADER_ROWS = 1;

export const diagnosticsScreen: Screen = {
  places: () => ['diagnostics', 'list', 'everywhere'],
  ask: ({ diagnostics: { list, filter } }) => [
    { kind: 'diagnostics', input: { words: splitWords(filter), slice: list.anchor } },
  ],
  receive: (state, answer) => {
    if (answer.kind !== 'diagnostics') return state;
    const { window, matching } = answer.output;
    const received = { asked: answer.input.slice, height: listHeight(state) };
    const list = receiveWindow(state.diagnostics.list, window, received);
    return change(state, { list, matching });
  },
  renew: (state) => change(state, { list: anchorAtSelected(state.diagnostics.list) }),
  commands: {
    ...moveIn<DiagnosticRow>({
      get: ({ diagnostics }) => diagnostics.list,
      set: (state, list) => change(state, { list }),
      height: listHeight,
    }),
    open: (state) => withSelected(state, (row) => go(openInstance(state, pathOf(row)))),
    acknowledge: (state) => withSelected(state, (row) => acknowledge(state, [row])),
    close: (state) => withSelected(state, (row) => close(state, [row])),
    why: (state) => withSelected(state, (row) => go(openWhy(state, pathOf(row)))),
    copy: (state) =>
      withSelected(state, (row) => goAnd(state, { kind: 'copy', text: pathOf(row) })),
    back: (state) => (state.diagnostics.filter === '' ? null : go(filterDiagnostics(state, ''))),
    filter: (state) => openFilter(state, state.diagnostics.filter),
  },
  render: renderScreen,
};

/** Filters the diagnostics by words that must all match; an empty text shows everything. */
export function filterDiagnostics(state: State, filter: string): State {
  return change(state, { filter, list: startOver(state.diagnostics.list) });
}

function listHeight(state: State): number {
  return bodyHeight(state) - HEADER_ROWS - DETAIL_ROWS;
}

function change(state: State, changes: Partial<DiagnosticsScreen>): State {
  return { ...state, diagnostics: { ...state.diagnostics, ...changes } };
}

function withSelected(state: State, act: (row: DiagnosticRow) => Update): Update {
  const row = selectedRow(state.diagnostics.list);
  return row ? act(row) : go(state);
}

function pathOf({ customer, machine, software }: DiagnosticRow): string {
  return `${customer}/${machine}/${software}`;
}

function renderScreen(state: State, height: number): readonly Line[] {
  const { list, filter } = state.diagnostics;
  const head = describeList(state);
  if (list.isLoaded && list.total === 0) {
    const text =
      filter === '' ? 'No diagnostic is open.' : 'Nothing matches. esc shows everything again.';
    return [head, line(text, 'dim')];
  }
  const atMs = state.overview?.atMs ?? 0;
  const { columns } = state;
  const show = (row: DiagnosticRow) => renderRow(row, columns, atMs);
  const listRows = height - HEADER_ROWS - DETAIL_ROWS;
  const rows = renderRows(list, { width: columns, height: listRows, show });
  const below = renderBelow(describeSelected(selectedRow(list)), columns);
  return [head, ...fillLines(rows, listRows), ...below];
}

const TONES = { error: 'red', warning: 'yellow', info: 'dim' } as const satisfies Record<
  string,
  Tone
>;

function renderRow(row: DiagnosticRow, columns: number, atMs: number): Line {
  const name = nameSeverity(row.severity);
  const module = columns < 100 ? 15 : 24;
  const path = Math.max(20, Math.floor((columns - 2) * 0.32));
  return [
    ...padLine([span(name, row.acknowledged_at === null ? TONES[name] : 'dim')], 9),
    ...padLine(fitLine(line(nameDiagnostic(row), 'bold'), module - 1), module),
    ...padLine(line(fitEnd(pathOf(row), path - 1)), path),
    ...padLine(line(formatRelative(row.opened_at, atMs)), 10),
    ...padLine(line(`×${row.count}`, 'dim'), 7),
    span(row.acknowledged_at === null ? '' : 'acknowledged  ', 'dim'),
    span(row.message),
  ];
}

function describeSelected(row: DiagnosticRow | undefined): Line {
  if (row === undefined) return [];
  const state = row.acknowledged_at === null ? '' : ` (${describeState(row)})`;
  return [
    span(`${pathOf(row)} ${nameDiagnostic(row)} `, 'bold'),
    span(row.message),
    span(state, 'dim'),
  ];
}

function describeList({ diagnostics: { list, filter, matching } }: State): Line {
  if (!list.isLoaded) return line('…', 'dim');
  const more = matching > list.total ? ` (the worst of ${matching}; / narrows)` : '';
  const parts = [`${list.total} open${more}`, ...(filter === '' ? [] : [`filter: ${filter}`])];
  return line(parts.join('   '), 'dim');
}
