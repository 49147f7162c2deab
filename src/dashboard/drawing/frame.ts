/** The whole screen as lines: header, warnings, what is looked at, footer. */
import { describeUnwatched } from '../../cli/health/unwatched.ts';
import { LIGHTS } from '../../domain/health/light.ts';
import { formatDurationRough } from '../../domain/time/duration.ts';
import type { Overview } from '../data/overview.ts';
import { renderDialog } from '../dialogs/dialogs.ts';
import { renderPrompt } from '../dialogs/prompt.ts';
import { listKeys, type Place } from '../keys.ts';
import { SCREEN_MODULES } from '../screens/screens.ts';
import { SCREEN_TITLES, SCREENS, type State } from '../state.ts';
import { bodyHeight, isTooSmall, LEAST_COLUMNS, LEAST_ROWS } from './layout.ts';
import { showCount } from './light.ts';
import {
  fillLines,
  fitEnd,
  fitLine,
  type Line,
  line,
  measureLine,
  type Span,
  span,
  spread,
} from './line.ts';
import { drawSparkline, formatRate } from './sparkline.ts';

/** Returns exactly as many lines as the terminal has rows, each at most as wide as it is. */
export function renderFrame(state: State): readonly Line[] {
  if (isTooSmall(state)) return fillLines(renderTooSmall(state), state.rows);
  const height = bodyHeight(state);
  const { columns: width } = state;
  const lines = [
    renderTabs(state),
    renderCounts(state),
    line('─'.repeat(width), 'dim'),
    ...renderBanners(state),
    ...fillLines(renderBody(state, { width, height }), height),
    ...renderNotice(state),
    renderFooter(state),
  ];
  return lines.map((each) => fitLine(each, width));
}

function renderTooSmall({ columns, rows }: State): Line[] {
  const text = `The terminal has ${columns}×${rows}; the dashboard needs ${LEAST_COLUMNS}×${LEAST_ROWS}.`;
  return [line(text), line('Make it larger, or quit with q.')].map((each) =>
    fitLine(each, columns),
  );
}

/** Below this many columns the screens stand closer together. */
const SPACIOUS_COLUMNS = 64;

/** Less of where the database is says nothing. */
const LEAST_DATABASE = 12;

function renderTabs({ screen, database, columns }: State): Line {
  const [before, after] = columns < SPACIOUS_COLUMNS ? ['', ' '] : [' ', ''];
  const tabs = SCREENS.map((name, at): Span => {
    const title = `${at + 1} ${SCREEN_TITLES[name]}`;
    if (name === screen) return span(`[${title}]${after}`, 'bold');
    return span(`${before}${title} `, 'dim');
  });
  const room = columns - measureLine(tabs) - 2;
  if (room < LEAST_DATABASE) return tabs;
  return spread(tabs, line(fitEnd(database, room), 'dim'), columns);
}

function renderCounts({ overview, columns }: State): Line {
  if (overview === null) return line('Reading the fleet …', 'dim');
  const lights = LIGHTS.flatMap((light, at) => [
    ...(at === 0 ? [] : [span('  ')]),
    showCount(overview.counts[light], light),
  ]);
  const room = columns - measureLine(lights) - 1;
  const unit = columns < 100 ? 'msg/s' : 'messages/s';
  const rates = SPARKLINES.map((length) => renderRates(overview, { length, unit }));
  return spread(lights, rates.find((each) => measureLine(each) <= room) ?? [], columns);
}

/** How long the sparklines are, the first that there is room for; 0 leaves them out. */
const SPARKLINES = [20, 15, 10, 5, 0] as const;

function renderRates(
  { rates: { accepted, refused } }: Overview,
  { length, unit }: { length: number; unit: string },
): Line {
  const draw = (values: readonly number[]) =>
    length === 0 ? '' : ` ${drawSparkline(values, length)}`;
  return [
    span(`${formatRate(accepted)} ${unit}`),
    span(draw(accepted), 'green'),
    span(`  ${formatRate(refused)} refused/s`),
    span(draw(refused), 'yellow'),
  ];
}

function renderBanners({ overview, columns }: State): Line[] {
  if (overview === null) return [];
  const { away, atMs, watchedUntilMs } = overview;
  const unwatched = describeUnwatched({
    nowMs: atMs,
    watchedUntilMs,
    unobserved: [],
    overdueAfterMs: 0,
  });
  const aged =
    away &&
    `The database does not answer (${away.message}): what is shown is ${formatDurationRough(away.ageMs)} old.`;
  return [unwatched, aged]
    .filter((text) => text !== null)
    .map((text) => fitLine(line(`! ${text}`, 'red'), columns));
}

function renderBody(state: State, room: { width: number; height: number }): readonly Line[] {
  const over = state.dialog && renderDialog(state.dialog, room);
  if (over) return over;
  if (state.overview === null) return [];
  return SCREEN_MODULES[state.screen].render(state, room.height);
}

function renderNotice({ notice }: State): Line[] {
  return notice === null ? [] : [line(notice.text, notice.tone === 'good' ? 'green' : 'red')];
}

function renderFooter(state: State): Line {
  if (state.dialog?.kind === 'prompt') return renderPrompt(state.dialog, state.columns);
  const places = listPlaces(state);
  const own = places.filter((place) => place !== 'everywhere').flatMap(listHints);
  if (!places.includes('everywhere')) return own;
  // Whoever is lost finds the way to help and out, however narrow the terminal.
  return spread(own, listHints('everywhere'), state.columns);
}

function listHints(place: Place): Span[] {
  const shown = listKeys(place).filter(({ footer }) => footer !== undefined);
  return shown.flatMap(({ keys, footer }, at) => [
    span(`${at === 0 ? '' : '   '}${keys[0]}`, 'bold'),
    span(` ${footer}`, 'dim'),
  ]);
}

const DIALOG_PLACES: Readonly<Record<string, Place>> = {
  help: 'dialog',
  why: 'dialog',
  form: 'form',
  confirm: 'confirm',
  choice: 'choice',
  secret: 'secret',
};

function listPlaces(state: State): readonly Place[] {
  const place = state.dialog && DIALOG_PLACES[state.dialog.kind];
  return place ? [place] : SCREEN_MODULES[state.screen].places(state);
}
