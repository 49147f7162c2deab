/** The screen of a terminal as a picture whose text can be selected. */
import { measureWidth } from '../src/cli/width.ts';

export interface Picture {
  /** Said to those who do not see it. */
  title: string;
  columns: number;
  rows: number;
}

/** A piece of a row in one look. */
interface Run {
  text: string;
  column: number;
  classes: ReadonlySet<string>;
}

const CELL = { width: 8.4, height: 18, baseline: 13.5 };
const PADDING = 16;

/** Text keeps to the cells of the terminal in whatever font the viewer has. */
const STYLE = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #d7dae0; white-space: pre }
.window { fill: #16181d; stroke: #3a3f4b }
.bar { fill: #d7dae0 }
.bold { font-weight: bold }
.dim { fill: #8b919e }
.red { fill: #ff7b72 }
.yellow { fill: #e3b341 }
.green { fill: #56d364 }
.cyan { fill: #56d4dd }
.inverse { fill: #16181d }`;

/** The looks by their codes, and what ends them (ECMA-48 section 8.3.117). */
const STARTS: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  7: 'inverse',
  31: 'red',
  32: 'green',
  33: 'yellow',
  36: 'cyan',
};
const ENDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.values(STARTS),
  0: Object.values(STARTS),
  22: ['bold', 'dim'],
  27: ['inverse'],
  39: ['red', 'green', 'yellow', 'cyan'],
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: what tmux writes between the texts
const STYLED = /\x1b\[([\d;]*)m|([^\x1b]+)/g;

/** Returns what `tmux capture-pane -e` printed as an SVG. */
export function drawTerminal(styled: string, { title, columns, rows }: Picture): string {
  const width = columns * CELL.width + 2 * PADDING;
  const height = rows * CELL.height + 2 * PADDING;
  const classes = new Set<string>();
  const lines = styled.split('\n').slice(0, rows);
  const drawn = lines.map((line, row) => drawRow(readRuns(line, classes), row)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${round(width)} ${round(height)}">
<title>${escapeXml(title)}</title>
<style>${STYLE}
</style>
<rect class="window" x="0.5" y="0.5" width="${round(width - 1)}" height="${round(height - 1)}" rx="10"/>
${drawn}</svg>
`;
}

/** Reads a row; the look at its end is that of the next row's start. */
function readRuns(line: string, classes: Set<string>): Run[] {
  const runs: Run[] = [];
  let column = 0;
  for (const [, codes, text] of line.matchAll(STYLED)) {
    if (text === undefined) {
      for (const code of (codes ?? '').split(';')) applyCode(code, classes);
      continue;
    }
    runs.push({ text, column, classes: new Set(classes) });
    column += measureWidth(text);
  }
  return runs;
}

function applyCode(code: string, classes: Set<string>): void {
  for (const ended of ENDS[code] ?? []) classes.delete(ended);
  const started = STARTS[code];
  if (started !== undefined) classes.add(started);
}

function drawRow(runs: readonly Run[], row: number): string {
  const y = PADDING + row * CELL.height;
  const bars = runs.filter(({ classes }) => classes.has('inverse')).map((run) => drawBar(run, y));
  const texts = runs.flatMap(splitAtGaps).map(drawText);
  if (texts.length === 0) return bars.join('');
  return `${bars.join('')}<text y="${round(y + CELL.baseline)}">${texts.join('')}</text>\n`;
}

function drawBar({ text, column }: Run, y: number): string {
  const width = measureWidth(text) * CELL.width;
  return `<rect class="bar" x="${toX(column)}" y="${round(y)}" width="${round(width)}" height="${CELL.height}"/>`;
}

/** Stretches of spaces are not drawn: the next text has its own place. */
function splitAtGaps(run: Run): Run[] {
  return Array.from(run.text.matchAll(/\S+(?: \S+)*/g), (match) => {
    const before = measureWidth(run.text.slice(0, match.index));
    return { ...run, text: match[0], column: run.column + before };
  });
}

function drawText({ text, column, classes }: Run): string {
  const length = round(measureWidth(text) * CELL.width);
  const look = classes.size === 0 ? '' : ` class="${[...classes].join(' ')}"`;
  const place = `x="${toX(column)}" textLength="${length}" lengthAdjust="spacingAndGlyphs"`;
  return `<tspan${look} ${place}>${escapeXml(text)}</tspan>`;
}

function toX(column: number): string {
  return round(PADDING + column * CELL.width);
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
