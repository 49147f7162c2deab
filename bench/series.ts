/** Repeated runs of load, taken in turn, and the rows that come of them. */
import { isValid, type LoadResult } from './load/run-load.ts';
import type { Row } from './scenario.ts';
import { median, sum } from './statistics.ts';

export type Runs<Name extends string> = Record<Name, () => Promise<LoadResult>>;

/**
 * Runs everything in turn, round after round, so that a change of the machine's speed meets all of
 * it alike. The results of the first round, which only warms up, are left out.
 */
export async function interleave<Name extends string>(
  rounds: number,
  runs: Runs<Name>,
): Promise<Record<Name, LoadResult[]>> {
  const names = Object.keys(runs) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    LoadResult[]
  >;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const result = await runs[name]();
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

/** The median of a figure of the valid runs; of all of them where none is. */
export function medianOf(
  results: readonly LoadResult[],
  pick: (result: LoadResult) => number,
): number {
  const valid = results.filter(isValid);
  return median((valid.length > 0 ? valid : results).map(pick));
}

function rateOf(results: readonly LoadResult[]): number {
  return medianOf(results, ({ perSecond }) => perSecond);
}

export interface Comparison {
  with: readonly LoadResult[];
  /** What the rate is divided by, as the target names it. */
  name: string;
  atLeast?: number;
}

/** A row with the median rate and, with a comparison, its ratio to the median rate of other runs. */
export function rateRow(
  label: string,
  results: readonly LoadResult[],
  comparison?: Comparison,
): Row {
  const rate = rateOf(results);
  const row = { label, value: rate, unit: '/s', note: describeRuns(results) };
  if (!comparison) return row;
  const { with: others, name, atLeast } = comparison;
  const ratio = rate / rateOf(others);
  if (atLeast === undefined) return { ...row, ratio };
  const target = `≥ ${atLeast.toFixed(2)} of ${name}`;
  return { ...row, ratio, target, ...judge(ratio >= atLeast, results, others) };
}

/** A row with the median rate, which must be so high by itself. */
export function absoluteRateRow(
  label: string,
  results: readonly LoadResult[],
  atLeast: number,
): Row {
  const target = `≥ ${atLeast.toLocaleString('en')}/s`;
  return { ...rateRow(label, results), target, ...judge(rateOf(results) >= atLeast, results) };
}

/** Whether a target is met: nothing is said where none of the runs behind a figure is valid. */
export function judge(met: boolean, ...figures: (readonly LoadResult[])[]): { met?: boolean } {
  return figures.every((results) => results.some(isValid)) ? { met } : {};
}

/** What belongs to a rate: how it scattered, what it cost, and whether the generator was the limit. */
export function describeRuns(results: readonly LoadResult[]): string {
  const rates = results.map((result) => result.perSecond);
  const cpu = results.flatMap((result) => result.cpuMicroseconds ?? []);
  const failed = sum(results.map((result) => result.failed));
  const refused = sum(results.map((result) => result.refused));
  return [
    ...(rates.length > 1 ? [`${round(Math.min(...rates))} to ${round(Math.max(...rates))}`] : []),
    ...(cpu.length > 0 ? [`${describeCpu(median(cpu))} a message`] : []),
    describeGenerator(results),
    ...(refused > 0 ? [`${round(refused)} refused`] : []),
    ...(failed > 0 ? [`${round(failed)} FAILED`] : []),
  ].join('; ');
}

function round(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function describeCpu(microseconds: number): string {
  return `${microseconds.toFixed(microseconds < 10 ? 1 : 0)} µs CPU`;
}

function describeGenerator(results: readonly LoadResult[]): string {
  const shares = results.flatMap((result) => result.generatorShare ?? []);
  if (shares.length < results.length) return 'not judged: generator unknown';
  const share = `generator ${Math.round(median(shares) * 100)} %`;
  const valid = results.filter(isValid).length;
  if (valid === results.length) return share;
  return `VOID (${results.length - valid} of ${results.length} runs): ${share}`;
}
