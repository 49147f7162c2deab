/** Load on several servers of one database at once. */
import { readFamilyCpuSeconds } from '../proc.ts';
import type { ServerProcess } from '../processes.ts';
import { sum } from '../statistics.ts';
import type { LoadResult } from './run-load.ts';

export interface Servers {
  nodes: readonly ServerProcess[];
  /** The process whose children are the database, too. */
  databasePid: number;
}

/**
 * All of them at once, as one result: the sum of the rates, the worst of the latencies, and for each
 * message the CPU time of the servers and of the database.
 */
export async function runOnAll(
  run: (server: ServerProcess) => Promise<LoadResult>,
  { nodes, databasePid }: Servers,
): Promise<LoadResult> {
  const before = readFamilyCpuSeconds(databasePid);
  const results = await Promise.all(nodes.map((node) => run(node)));
  const after = readFamilyCpuSeconds(databasePid);
  const total = (pick: (result: LoadResult) => number) => sum(results.map(pick));
  const most = (pick: (result: LoadResult) => number) => Math.max(...results.map(pick));
  const databaseSeconds = before === null || after === null ? null : after - before;
  return {
    perSecond: total(({ perSecond }) => perSecond),
    accepted: total(({ accepted }) => accepted),
    refused: total(({ refused }) => refused),
    failed: total(({ failed }) => failed),
    seconds: most(({ seconds }) => seconds),
    p50Ms: most(({ p50Ms }) => p50Ms),
    p99Ms: most(({ p99Ms }) => p99Ms),
    generatorShare: largest(results.map(({ generatorShare }) => generatorShare)),
    cpuMicroseconds: addCpu(results, databaseSeconds),
  };
}

function largest(shares: readonly (number | null)[]): number | null {
  const known = shares.flatMap((share) => share ?? []);
  return known.length < shares.length ? null : Math.max(...known);
}

function addCpu(results: readonly LoadResult[], databaseSeconds: number | null): number | null {
  const known = results.flatMap(({ accepted, cpuMicroseconds }) =>
    cpuMicroseconds === null ? [] : accepted * cpuMicroseconds,
  );
  const accepted = sum(results.map((result) => result.accepted));
  if (databaseSeconds === null || known.length < results.length || accepted === 0) return null;
  return (sum(known) + databaseSeconds * 1e6) / accepted;
}
