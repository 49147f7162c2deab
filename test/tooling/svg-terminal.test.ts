import { describe, expect, it } from 'vitest';
import { drawTerminal } from '../../scripts/svg-terminal.ts';

const SIZE = { title: 'A screen', columns: 20, rows: 2 };

/** Every text with its look and where it starts, in cells. */
function readTexts(svg: string) {
  const found = svg.matchAll(/<tspan(?: class="([^"]*)")? x="([\d.]+)"[^>]*>([^<]*)<\/tspan>/g);
  return Array.from(found, ([, look = '', x, text]) => [
    look,
    Math.round((Number(x) - 16) / 8.4),
    text,
  ]);
}

describe('a terminal as a picture', () => {
  it('keeps each text in its look and its place', () => {
    const svg = drawTerminal('\x1b[1mA\x1b[0m  \x1b[31mb c\x1b[39m d\n', SIZE);
    expect(readTexts(svg)).toEqual([
      ['bold', 0, 'A'],
      ['red', 3, 'b c'],
      ['', 7, 'd'],
    ]);
  });

  it('goes on in the next row with the look in which the last one ended', () => {
    const svg = drawTerminal('\x1b[2ma\nb\x1b[m c', SIZE);
    expect(readTexts(svg)).toEqual([
      ['dim', 0, 'a'],
      ['dim', 0, 'b'],
      ['', 2, 'c'],
    ]);
  });

  it('draws what is inverse on a bar, spaces included', () => {
    const svg = drawTerminal('\x1b[7ma   \x1b[27m', SIZE);
    expect(svg).toContain('<rect class="bar" x="16" y="16" width="33.6"');
    expect(readTexts(svg)).toEqual([['inverse', 0, 'a']]);
  });

  it('counts two cells for wide characters', () => {
    expect(readTexts(drawTerminal('界\x1b[1mx', SIZE))).toEqual([
      ['', 0, '界'],
      ['bold', 2, 'x'],
    ]);
  });

  it('has a title, and no text that is taken for markup', () => {
    const svg = drawTerminal('<a> & "b"', { ...SIZE, title: 'a < b' });
    expect(svg).toContain('<title>a &lt; b</title>');
    expect(svg).toContain('&lt;a&gt; &amp; "b"');
  });
});
