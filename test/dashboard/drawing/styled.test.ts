import { styleText } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Tone } from '../../../src/dashboard/drawing/line.ts';
import { readStyled } from '../../../src/dashboard/drawing/styled.ts';

const paint = (format: Parameters<typeof styleText>[0], text: string) =>
  styleText(format, text, { validateStream: false });

describe('what a command prints', () => {
  it.each([
    ['red', 'red'],
    ['yellow', 'yellow'],
    ['green', 'green'],
    ['cyan', 'cyan'],
    ['bold', 'bold'],
    ['dim', 'dim'],
    ['gray', 'dim'],
  ] as const)('keeps what is %s as %s', (format, tone: Tone) => {
    expect(readStyled(`a ${paint(format, 'b')} c`)).toEqual([
      [
        { text: 'a ', tone: null },
        { text: 'b', tone },
        { text: ' c', tone: null },
      ],
    ]);
  });

  it('is as many lines as it has', () => {
    expect(readStyled(`one\n\n${paint('bold', 'two')}`)).toEqual([
      [{ text: 'one', tone: null }],
      [],
      [{ text: 'two', tone: 'bold' }],
    ]);
  });

  it('loses a format that is not known, and keeps its text', () => {
    expect(readStyled(paint('magenta', 'text'))).toEqual([[{ text: 'text', tone: null }]]);
  });
});
