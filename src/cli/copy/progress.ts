import type { CopyProgress } from '../../db/copy/copy.ts';

const TERMINAL_INTERVAL_MS = 250;
const LOG_INTERVAL_MS = 5_000;

interface Shown {
  show: (progress: CopyProgress) => void;
  /** Takes the line on a terminal away. */
  clear: () => void;
}

/** Returns what shows the progress of a copy: one line that is written over on a terminal, a line every few seconds in a log. */
export function showProgress(
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
  clock: () => number,
): Shown {
  const intervalMs = stream.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
  let dueAtMs = clock() + intervalMs;
  const clear = () => {
    if (stream.isTTY) stream.write('\r\x1b[K');
  };
  const show = (progress: CopyProgress) => {
    if (clock() < dueAtMs) return;
    dueAtMs = clock() + intervalMs;
    clear();
    stream.write(describeProgress(progress) + (stream.isTTY ? '' : '\n'));
  };
  return { show, clear };
}

const SIDES = { from: 'source', to: 'target' } as const;

function describeProgress({ doing, table, side, rows, total }: CopyProgress): string {
  const count = `${rows.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} rows`;
  return `${doing} ${table} of the ${SIDES[side]}: ${count}`;
}
