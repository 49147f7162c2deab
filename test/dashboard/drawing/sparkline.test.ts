import { describe, expect, it } from 'vitest';
import { drawSparkline, formatRate } from '../../../src/dashboard/drawing/sparkline.ts';

describe('a sparkline', () => {
  it.each([
    ['has the highest value full and nothing flat', [0, 4, 8], 3, '▁▅█'],
    ['shows what is not nothing as something', [0, 1, 10_000], 3, '▁▂█'],
    ['shows the newest values', [9, 9, 0, 1], 2, '▁█'],
    ['is as long as asked for where there are fewer values', [1], 4, '▁▁▁█'],
    ['is flat where there are no values', [], 3, '▁▁▁'],
    ['is nothing without room', [1, 2], 0, ''],
    ['is flat where nothing happened', [0, 0], 2, '▁▁'],
    ['takes what is below nothing as nothing', [-3, 1], 2, '▁█'],
  ])('%s', (_, values, length, expected) => {
    expect(drawSparkline(values, length)).toBe(expected);
  });
});

describe('a rate', () => {
  it.each([
    ['is nothing without values', [], '0'],
    ['is nothing where nothing happened', [0, 0], '0'],
    ['has a digit after the point below ten', [1, 2], '1.5'],
    ['is whole from ten on', [99.6], '100'],
    ['is the average of the newest ten', [1_000, ...Array(10).fill(20)], '20'],
  ])('%s', (_, values, expected) => {
    expect(formatRate(values)).toBe(expected);
  });
});
