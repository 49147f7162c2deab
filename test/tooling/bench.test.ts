import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RequestFile, writeRequests } from '../../bench/load/request-file.ts';
import {
  type Fleet,
  listBatches,
  listHeartbeats,
  listShuffledBatches,
} from '../../bench/load/requests.ts';
import type { LoadResult } from '../../bench/load/run-load.ts';
import { readOptions } from '../../bench/options.ts';
import { renderDocument, renderSection } from '../../bench/report.ts';
import type { Scenario, Settings } from '../../bench/scenario.ts';
import { SCENARIOS } from '../../bench/scenarios/index.ts';
import { Scope } from '../../bench/scope.ts';
import { medianOf, rateRow } from '../../bench/series.ts';

const FLEET = { customer: 'acme', tokens: ['one', 'two'], machines: 600 };
const SETTINGS: Settings = readOptions([]).settings;

function makeResult(perSecond: number, generatorShare: number | null): LoadResult {
  const counts = { accepted: perSecond, refused: 0, failed: 0, seconds: 1 };
  return { ...counts, perSecond, p50Ms: 1, p99Ms: 2, generatorShare, cpuMicroseconds: null };
}

function makeScenario(name: string): Scenario {
  const texts = { name, title: name, setup: 'Setup.', target: 'none' };
  return { ...texts, configure: () => 'once', run: async () => [] };
}

function write(fleet: Fleet): { requests: RequestFile; text: string } {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-bench-test-'));
  try {
    const requests = writeRequests(join(directory, 'requests'), listHeartbeats(fleet));
    return { requests, text: readFileSync(requests.path, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('the load', () => {
  it('is a heartbeat of every machine, with the tokens in turn', () => {
    const requests = listHeartbeats(FLEET);
    expect(new Set(requests.map(({ path }) => path)).size).toBe(600);
    expect(requests.slice(0, 3).map(({ token }) => token)).toEqual(['one', 'two', 'one']);
  });

  it('is in batches of 250 lines, each about another machine', () => {
    const machines = String(listBatches(FLEET)[1]?.body)
      .split('\n')
      .map((line) => JSON.parse(line).machine);
    expect(machines).toHaveLength(250);
    expect([machines[0], new Set(machines).size]).toEqual(['machine-250', 250]);
  });

  it('is in batches of machines that are no neighbours, in the same order every time', () => {
    const read = () =>
      listShuffledBatches(FLEET)
        .flatMap(({ body }) => String(body).split('\n'))
        .map((line) => Number(JSON.parse(line).machine.slice('machine-'.length)));
    const machines = read().slice(0, FLEET.machines);
    expect(new Set(machines).size).toBe(FLEET.machines);
    const neighbours = machines.filter((machine, index) => machine + 1 === machines[index + 1]);
    expect(neighbours.length).toBeLessThan(FLEET.machines / 20);
    expect(read()).toEqual(read());
  });

  it('begins each run with another request', () => {
    const { requests } = write(FLEET);
    const offsets = Array.from({ length: 100 }, () => requests.nextOffset());
    expect(new Set(offsets).size).toBe(100);
    expect(offsets.every((offset) => offset >= 0 && offset < FLEET.machines)).toBe(true);
  });

  it('is written as whole requests, each after its length', () => {
    const [length = '', ...rest] = write({ ...FLEET, machines: 1 }).text.split('\n');
    expect(Buffer.byteLength(rest.join('\n'))).toBe(Number(length));
    expect(rest[0]).toBe('POST /api/ingest/acme/machine-0/app/heartbeat HTTP/1.1\r');
  });
});

describe('a figure', () => {
  const ceiling = { with: [makeResult(100, 0.5)], name: 'the ceiling', atLeast: 0.9 };

  it('is the median of the rounds, judged by its ratio', () => {
    const rates = [80, 95, 99].map((rate) => makeResult(rate, 0.5));
    expect(rateRow('fleet', rates, ceiling)).toMatchObject({ value: 95, ratio: 0.95, met: true });
  });

  it('leaves out rounds in which the generator was the limit', () => {
    const rates = [makeResult(50, 0.99), makeResult(95, 0.5)];
    expect(rateRow('fleet', rates, ceiling)).toMatchObject({ value: 95, met: true });
  });

  it('is not judged where the generator was the limit in every round', () => {
    const row = rateRow('fleet', [makeResult(50, 0.99)], ceiling);
    expect(row.note).toContain('VOID (1 of 1 runs)');
    expect(row).not.toHaveProperty('met');
  });

  it('says so where the share of the generator is unknown', () => {
    expect(rateRow('fleet', [makeResult(50, null)]).note).toContain('generator unknown');
  });

  it('is not judged where the share of the generator is unknown', () => {
    expect(rateRow('fleet', [makeResult(95, null)], ceiling)).not.toHaveProperty('met');
  });

  it('is a latency of the valid rounds alone', () => {
    const rounds = [{ ...makeResult(50, 0.99), p99Ms: 100 }, makeResult(95, 0.5)];
    expect(medianOf(rounds, ({ p99Ms }) => p99Ms)).toBe(2);
  });
});

describe('the document', () => {
  it('keeps what was not measured anew', () => {
    const [one, two, three] = ['one', 'two', 'three'].map(makeScenario) as [
      Scenario,
      Scenario,
      Scenario,
    ];
    const write = (scenario: Scenario, value: number) => {
      const circumstances = { date: '2027-01-31', machine: 'a machine', settings: SETTINGS };
      const section = renderSection(
        scenario,
        [{ label: 'rate', value, unit: '/s' }],
        circumstances,
      );
      return new Map([[scenario.name, section]]);
    };
    const first = renderDocument([one, two, three], write(one, 1111), '');
    const second = renderDocument([one, two, three], write(two, 2222), first);
    for (const text of ['1,111/s', '2,222/s', 'Not measured yet', '*2027-01-31; once; a machine*'])
      expect(second).toContain(text);
  });
});

describe('the command line', () => {
  it('runs everything, or what is named', () => {
    expect(readOptions([]).scenarios).toBe(SCENARIOS);
    expect(readOptions(['--only', 'tokens,batch']).scenarios.map(({ name }) => name)).toEqual([
      'tokens',
      'batch',
    ]);
  });

  it.each([
    ['--only', 'nothing'],
    ['--seconds', 'long'],
    ['--rounds', '0'],
    ['--growth', '100000'],
    ['--unknown', '1'],
  ])('refuses %s %s', (...args) =>
    expect(() => readOptions(args)).toThrow(/nothing|whole number|--unknown/),
  );
});

describe('the scope of a run', () => {
  it('undoes everything in reverse order', async () => {
    const undone: string[] = [];
    const scope = new Scope();
    await scope.add(() => undone.push('first'));
    await scope.add(() => undone.push('second'));
    await scope.close();
    expect(undone).toEqual(['second', 'first']);
  });

  it('undoes at once what is done after its end', async () => {
    const undone: string[] = [];
    const scope = new Scope();
    await scope.close();
    await expect(scope.add(() => undone.push('late'))).rejects.toThrow('ended');
    expect(undone).toEqual(['late']);
  });
});
