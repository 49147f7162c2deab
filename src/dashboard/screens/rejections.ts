/** Screen 4: the live rejection log, newest first, with everything about the selected one. */
import { describeTarget } from '../../cli/rejections/present.ts';
import { formatRelative } from '../../domain/time/instant.ts';
import { openWhy } from '../actions/why.ts';
import type { RejectionRow } from '../data/requests.ts';
import { openFilter, splitWords } from '../dialogs/filter.ts';
import { bodyHeight } from '../drawing/layout.ts';
import { fitEnd, type Line, line, padLine, span } from '../drawing/line.ts';
import {
  anchorAtSelected,
  anchorAtTop,
  type List,
  receiveWindow,
  selectedRow,
  startOver,
} from '../list.ts';
import { eachMove, scrollBy, showFrom } from '../scrolling.ts';
import type { RejectionsScreen, State } from '../state.ts';
import { go, goAnd, type Update } from '../update.ts';
import { moveIn } from './list-commands.ts';
import { renderRejectionDetail } from './rejection-detail.ts';
import { renderRows } from './rows.ts';
import type { Screen } from './screen.ts';

const HEADER_ROWS = 1;
const RULE_ROWS = 1;

const inList = moveIn<RejectionRow>({
  get: ({ rejections }) => rejections.list,
  set: (state, list) => select(state, list),
  height: (state) => splitRows(bodyHeight(state)).list,
});

export const rejectionsScreen: Screen = {
  places: () => ['rejections', 'list', 'everywhere'],
  ask: (state) => {
    const { list, filter, isPaused } = state.rejections;
    const words = splitWords(filter);
    const input = { words, isPaused, slice: list.anchor };
    const id = selectedRow(list)?.id;
    return [
      { kind: 'rejections', input },
      ...(id === undefined ? [] : [{ kind: 'rejection', input: { id } } as const]),
    ];
  },
  receive: (state, answer) => {
    if (answer.kind === 'rejection') {
      const isSelected = answer.input.id === selectedRow(state.rejections.list)?.id;
      return isSelected ? change(state, { detail: answer.output }) : state;
    }
    if (answer.kind !== 'rejections') return state;
    const { window, matching, notRecorded } = answer.output;
    const height = splitRows(bodyHeight(state)).list;
    const asked = answer.input.slice;
    const list = receiveWindow(state.rejections.list, window, { asked, height });
    return change(select(state, list), { matching, notRecorded });
  },
  renew: (state) => change(state, { list: follow(state.rejections) }),
  commands: {
    ...inList,
    ...eachMove((distance, command) => (state) => moveOrScroll(state, distance, inList[command])),
    open: (state) => go(change(state, { isOpen: !state.rejections.isOpen, scroll: 0 })),
    follow: (state) => {
      const { isPaused, list } = state.rejections;
      return go(change(state, { isPaused: !isPaused, list: isPaused ? startOver(list) : list }));
    },
    filter: (state) => openFilter(state, state.rejections.filter),
    copy,
    why: (state) => {
      const row = selectedRow(state.rejections.list);
      const path =
        row && [row.customer, row.machine, row.software].filter((part) => part !== '').join('/');
      return go(path ? openWhy(state, path) : state);
    },
    back: (state) => {
      if (state.rejections.isOpen) return go(change(state, { isOpen: false }));
      return state.rejections.filter === '' ? null : go(filterRejections(state, ''));
    },
  },
  render: renderScreen,
};

/** Filters the log by words that must all match; an empty text shows everything. */
export function filterRejections(state: State, filter: string): State {
  return change(state, { filter, list: startOver(state.rejections.list) });
}

function change(state: State, changes: Partial<RejectionsScreen>): State {
  return { ...state, rejections: { ...state.rejections, ...changes } };
}

/** What is shown of another one must not stand beside this one. */
function select(state: State, list: List<RejectionRow>): State {
  const id = selectedRow(list)?.id;
  const { detail, scroll } = state.rejections;
  const isSame = detail?.id === id;
  return change(state, { list, detail: isSame ? detail : null, scroll: isSame ? scroll : 0 });
}

/** Whoever stands at the top wants to see what comes in; whoever went down, or opened one, looks at that. */
function follow({ list, isPaused, isOpen }: RejectionsScreen): List<RejectionRow> {
  return list.index === 0 && !isPaused && !isOpen ? anchorAtTop(list) : anchorAtSelected(list);
}

/** Where the details have the whole screen, the keys that move scroll them. */
function moveOrScroll(
  state: State,
  distance: (page: number) => number,
  move: ((state: State) => Update | null) | undefined,
): Update | null {
  const { isOpen, scroll } = state.rejections;
  if (!isOpen) return move?.(state) ?? null;
  const height = bodyHeight(state) - HEADER_ROWS;
  const room = { lines: renderDetail(state).length, height };
  return go(change(state, { scroll: scrollBy(scroll, distance(height - 1), room) }));
}

function copy(state: State): Update {
  const { detail } = state.rejections;
  const text = detail?.hint.command;
  if (text) return goAnd(state, { kind: 'copy', text });
  const notice = { text: 'There is no command to copy: what to do is said in words.', tone: 'bad' };
  return go({ ...state, notice: notice as State['notice'] });
}

/** The list above; the details below it, of which there are more. */
function splitRows(height: number): { list: number; detail: number } {
  const rows = Math.max(0, height - HEADER_ROWS - RULE_ROWS);
  const list = Math.max(3, Math.floor(rows * 0.4));
  return { list, detail: Math.max(0, rows - list) };
}

function renderScreen(state: State, height: number): readonly Line[] {
  const { isOpen, scroll, list, filter } = state.rejections;
  if (isOpen)
    return [describeLog(state), ...showFrom(renderDetail(state), scroll, height - HEADER_ROWS)];
  if (list.isLoaded && list.total === 0)
    return [describeLog(state), line(describeEmpty(filter), 'dim')];
  const atMs = state.overview?.atMs ?? 0;
  const rows = splitRows(height);
  const { columns } = state;
  const show = (row: RejectionRow) => renderRow(row, columns, atMs);
  return [
    describeLog(state),
    ...renderRows(list, { width: columns, height: rows.list, show }),
    line('─'.repeat(columns), 'dim'),
    ...showFrom(renderDetail(state), 0, rows.detail),
  ];
}

function renderDetail(state: State): readonly Line[] {
  const { detail } = state.rejections;
  if (detail === null) return [];
  return renderRejectionDetail(detail, { width: state.columns, nowMs: state.overview?.atMs ?? 0 });
}

/** From here on there is room for addresses. */
const ADDRESS_COLUMNS = 100;

/** Who sent it gives way to what was refused: it is among the details as well. */
function measureSender(columns: number): number {
  if (columns < ADDRESS_COLUMNS) return 'solved'.length;
  return columns < 140 ? '255.255.255.255'.length : LONGEST_ADDRESS;
}

/** Of IPv6, in full. */
const LONGEST_ADDRESS = 39;

function renderRow(row: RejectionRow, columns: number, atMs: number): Line {
  const sender = columns < ADDRESS_COLUMNS ? '' : row.address;
  const room = measureSender(columns);
  const target = Math.max(0, columns - 2 - 10 - 7 - 24 - room);
  return [
    ...padLine(line(formatRelative(row.last_at, atMs)), 10),
    ...padLine(line(`×${row.count}`, 'dim'), 7),
    ...padLine([span(row.reason, row.solved ? 'dim' : 'yellow')], 24),
    ...padLine(line(fitEnd(describeTarget(row), target - 1)), target),
    ...padLine(line(row.solved ? 'solved' : sender, 'dim'), room),
  ];
}

function describeLog({ rejections }: State): Line {
  const { filter, isPaused, list, matching, notRecorded } = rejections;
  if (!list.isLoaded) return line('…', 'dim');
  const more = matching > list.total ? ` (the newest of ${matching}; / narrows)` : '';
  const parts = [
    `${list.total} rejections${more}`,
    isPaused ? 'paused' : 'following',
    ...(filter === '' ? [] : [`filter: ${filter}`]),
    ...(notRecorded > 0 ? [`${notRecorded} more not recorded`] : []),
  ];
  return line(parts.join('   '), 'dim');
}

function describeEmpty(filter: string): string {
  return filter === ''
    ? 'Nothing was refused. A device that does not show up and is not here did not reach the server.'
    : 'Nothing matches. esc shows everything again.';
}
