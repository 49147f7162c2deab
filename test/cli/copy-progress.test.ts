import { describe, expect, it } from 'vitest';
import { showProgress } from '../../src/cli/copy/progress.ts';

/** Shows a step of progress every 100 ms for ten seconds, and returns what was written. */
function show({ isTTY }: { isTTY: boolean }): string[] {
  let nowMs = 0;
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  const progress = showProgress({ isTTY, write }, () => nowMs);
  for (; nowMs <= 10_000; nowMs += 100) {
    progress.show({
      doing: 'copying',
      table: 'machine',
      side: 'from',
      rows: nowMs,
      total: 1_234_567,
    });
  }
  progress.clear();
  return written;
}

describe('the progress of a copy', () => {
  it('is a line every few seconds in a log', () => {
    expect(show({ isTTY: false })).toEqual([
      'copying machine of the source: 5,000 of 1,234,567 rows\n',
      'copying machine of the source: 10,000 of 1,234,567 rows\n',
    ]);
  });

  it('is one line on a terminal, written over at most four times a second and gone in the end', () => {
    const written = show({ isTTY: true });
    const shown = written.filter((text) => text.startsWith('copying'));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.length).toBeLessThanOrEqual(40);
    expect(written.join('')).not.toContain('\n');
    expect(written.at(-1)).toBe('\r\x1b[K');
  });
});
