import { type Line, line } from './drawing/line.ts';
import type { Command } from './keys.ts';

/** How far each command goes in anything that is higher than the screen, of which `page` rows are one. */
const DISTANCES: Partial<Record<Command, (page: number) => number>> = {
  down: () => 1,
  up: () => -1,
  'page-down': (page) => page,
  'page-up': (page) => -page,
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
};

/** Returns the commands that move, each made of how far it goes. */
export function eachMove<Made>(
  make: (distance: (page: number) => number, command: Command) => Made,
): Partial<Record<Command, Made>> {
  return Object.fromEntries(
    Object.entries(DISTANCES).map(([command, distance]) => [
      command,
      make(distance, command as Command),
    ]),
  );
}

/** Returns how far a command goes; 0 for one that does not move. */
export function distanceOf(command: Command | null, page: number): number {
  return (command && DISTANCES[command]?.(page)) ?? 0;
}

/** Returns the lines that there is room for, as many as there are; the last of them says so where more follow. */
export function showFrom(lines: readonly Line[], scroll: number, height: number): readonly Line[] {
  const top = scrollBy(scroll, 0, { lines: lines.length, height });
  const shown = lines.slice(top, top + height);
  const more = lines.length - top - height;
  if (more <= 0) return shown;
  return [...shown.slice(0, -1), line(`▾ ${more + 1} more lines`, 'dim')];
}

/** Returns the first line to be shown after going so far in so many lines. */
export function scrollBy(
  scroll: number,
  distance: number,
  { lines, height }: { lines: number; height: number },
): number {
  return Math.max(0, Math.min(Math.max(0, lines - height), scroll + distance));
}
