import { expect, it } from 'vitest';
import { goBackObserved, listObserved } from '../../../src/domain/time/observed.ts';

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

it.each([
  ['all of it', [], [[100, 200]]],
  [
    'around a gap',
    [[120, 150]],
    [
      [100, 120],
      [150, 200],
    ],
  ],
  [
    'beside gaps at both ends',
    [
      [50, 110],
      [190, 300],
    ],
    [[110, 190]],
  ],
  [
    'between gaps that overlap',
    [
      [110, 150],
      [120, 140],
      [145, 160],
    ],
    [
      [100, 110],
      [160, 200],
    ],
  ],
  ['nothing of it', [[0, 300]], []],
  [
    'past gaps outside',
    [
      [0, 100],
      [200, 300],
    ],
    [[100, 200]],
  ],
] as const)('lists the stretches in which somebody listened: %s', (_, gaps, expected) => {
  const intervals = gaps.map(([started_at, ended_at]) => ({ started_at, ended_at }));
  const stretches = listObserved(100, 200, intervals);
  expect(stretches.map(({ started_at, ended_at }) => [started_at, ended_at])).toEqual(expected);
});

it('lists nothing between two instants in the wrong order', () => {
  expect(listObserved(200, 100, [{ started_at: 120, ended_at: 150 }])).toEqual([]);
});
