import { expect, it } from 'vitest';
import { goBackObserved } from '../../src/domain/observed.ts';

const NOW = 1_000;

it.each([
  ['no gap', [], 900],
  ['a gap before', [[700, 800]], 900],
  ['a gap within, which is passed over', [[920, 950]], 870],
  ['a gap up to now', [[600, 1_000]], 500],
  [
    'several gaps, in whatever order',
    [
      [940, 960],
      [980, 1_000],
      [910, 930],
    ],
    840,
  ],
  [
    'gaps that overlap',
    [
      [900, 980],
      [950, 1_000],
    ],
    800,
  ],
  ['a gap that ends where the time is full', [[850, 900]], 900],
  ['a gap that a later clock wrote', [[950, 1_100]], 850],
] as const)('goes back by the time in which somebody listened: %s', (_, gaps, expected) => {
  const intervals = gaps.map(([started_at, ended_at]) => ({ started_at, ended_at }));
  expect(goBackObserved(NOW, 100, intervals)).toBe(expected);
});
