/** One run of load against one server, with what it cost both sides. */
import { readCpuSeconds } from '../proc.ts';
import type { ServerProcess } from '../processes.ts';
import type { Scope } from '../scope.ts';
import { runAutocannon } from './autocannon.ts';
import type { Generator, LoadOptions } from './generator.ts';
import type { RequestFile } from './request-file.ts';
import { hasWrk, runWrk } from './wrk.ts';

export interface LoadResult {
  /** Accepted messages a second. */
  perSecond: number;
  accepted: number;
  refused: number;
  failed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  generatorShare: number | null;
  /** CPU time of the server for each answered message, in microseconds. */
  cpuMicroseconds: number | null;
}

export interface Load extends Omit<LoadOptions, 'url' | 'file' | 'offset'> {
  requests: RequestFile;
}

const IS_WRK = hasWrk();
const GENERATE: Generator = IS_WRK ? runWrk : runAutocannon;

export const GENERATOR = IS_WRK ? 'wrk' : 'autocannon';

/** Above this share of a core the generator is what is measured, and the run is void. */
export const VOID_SHARE = 0.9;

/** Sends requests for some seconds. */
export async function runLoad(
  scope: Scope,
  server: ServerProcess,
  { requests, ...load }: Load,
): Promise<LoadResult> {
  const cpuBefore = readCpuSeconds(server.pid);
  const from = { url: server.url, file: requests.path, offset: requests.nextOffset() };
  const counted = await GENERATE(scope, { ...load, ...from });
  const cpuAfter = readCpuSeconds(server.pid);
  const { messagesPerRequest } = requests;
  const accepted = (counted.requests - counted.refused) * messagesPerRequest;
  const answered = counted.requests * messagesPerRequest;
  const cpuSeconds = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  return {
    ...counted,
    accepted,
    perSecond: accepted / counted.seconds,
    cpuMicroseconds: cpuSeconds === null || answered === 0 ? null : (cpuSeconds * 1e6) / answered,
  };
}

/** Returns whether the generator was not the limit in this run, which must be known. */
export function isValid({ generatorShare }: LoadResult): boolean {
  return generatorShare !== null && generatorShare <= VOID_SHARE;
}
