import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureWidth } from '../../../src/cli/width.ts';
import {
  fitLine,
  type Line,
  line,
  measureLine,
  padLine,
  span,
  spread,
  wrapLine,
  wrapText,
} from '../../../src/dashboard/drawing/line.ts';
import { tryStories } from '../../support/property.ts';
import { hostileText } from '../support/hostile.ts';

const textOf = (spans: Line) => spans.map(({ text }) => text).join('');
const width = fc.integer({ min: 1, max: 40 });
const spans = fc.array(
  hostileText.map((text) => span(text, 'red')),
  { maxLength: 5 },
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be left
const OBEYED = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/;

describe('a piece of text', () => {
  it.each([
    ['a title', '\u001b]0;owned\u0007machine', 'machine'],
    ['a colour', '\u001b[31mred\u001b[0m', 'red'],
    ['a link', '\u001b]8;;http://example.com\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['a line break', 'one\r\ntwo\nthree', 'one⏎two⏎three'],
    ['a bell', 'ding\u0007', 'ding␇'],
    ['a text that runs the other way', 'a\u202eb', 'a\uFFFDb'],
    ['half of a character', 'a\ud800', 'a\uFFFD'],
  ])('shows %s and does not obey it', (_, text, expected) => {
    expect(span(text).text).toBe(expected);
  });

  it('holds nothing that a terminal obeys, whatever a device sends', () => {
    fc.assert(
      fc.property(hostileText, (text) => !OBEYED.test(span(text).text)),
      tryStories(500),
    );
  });
});

describe('a line', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['😀', 2],
    ['e\u0301', 1],
    ['', 0],
  ])('of "%s" takes %i columns', (text, columns) => {
    expect(measureLine(line(text))).toBe(columns);
  });

  it.each([
    ['stays as it is where it fits', 'abc', 3, 'abc'],
    ['ends with an ellipsis where it is cut', 'abcd', 3, 'ab…'],
    ['is cut before a wide character that has no room', '日本語', 4, '日…'],
    ['is an ellipsis in a single column', 'abc', 1, '…'],
  ])('%s', (_, text, columns, expected) => {
    expect(textOf(fitLine(line(text), columns))).toBe(expected);
  });

  it('ends with an ellipsis also where a whole piece is missing', () => {
    expect(textOf(fitLine([span('abc'), span('def')], 3))).toBe('ab…');
  });

  it('is never wider than asked for', () => {
    fc.assert(
      fc.property(spans, width, (pieces, columns) => {
        expect(measureLine(fitLine(pieces, columns))).toBeLessThanOrEqual(columns);
      }),
      tryStories(500),
    );
  });

  it('that is padded is exactly as wide as asked for', () => {
    fc.assert(
      fc.property(spans, width, (pieces, columns) => {
        expect(measureLine(padLine(pieces, columns))).toBe(columns);
      }),
      tryStories(500),
    );
  });

  it('that is aligned right has its spaces before it', () => {
    expect(textOf(padLine(line('ab'), 4, 'right'))).toBe('  ab');
  });

  it('with two ends is exactly as wide as asked for, and its left end gives way', () => {
    expect(textOf(spread(line('left'), line('right'), 20))).toBe('left           right');
    expect(textOf(spread(line('a long left end'), line('right'), 14))).toBe('a long … right');
  });

  it('with two ends is the left one where there is no room for both', () => {
    expect(textOf(spread(line('left'), line('right'), 12))).toBe('left');
  });
});

describe('a text in several lines', () => {
  it('is broken between words', () => {
    expect(wrapText('one two three', 8).map(textOf)).toEqual(['one two', 'three']);
  });

  it('is broken within a word that is too long', () => {
    expect(wrapText('ab 0123456789', 4).map(textOf)).toEqual(['ab', '0123', '4567', '89']);
  });

  it('goes on below its first line where that is indented', () => {
    const wrapped = wrapLine(line('  1. one two three'), 12).map(textOf);
    expect(wrapped).toEqual(['  1. one two', '     three']);
  });

  it('loses nothing but spaces, and fits', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 2, max: 40 }), (text, columns) => {
        const lines = wrapText(text, columns).map(textOf);
        for (const each of lines) expect(measureWidth(each)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(span(text).text.replaceAll(' ', ''));
      }),
      tryStories(500),
    );
  });
});
