import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readCpuSeconds } from '../proc.ts';
import { runProgram } from '../processes.ts';
import type { Scope } from '../scope.ts';
import type { GeneratorResult, LoadOptions } from './generator.ts';

const SCRIPT = join(import.meta.dirname, 'requests.lua');
const SAMPLE_MS = 200;
/** In the first of them the script reads its requests, which is no load yet. */
const SKIPPED_SAMPLES = 2;

/** Returns whether wrk is installed: it leaves most of a core to the server, as autocannon does not. */
export function hasWrk(): boolean {
  return spawnSync('wrk', ['-v']).error === undefined;
}

/** Sends requests with one thread of wrk; a pause between requests is kept to the millisecond. */
export async function runWrk(scope: Scope, options: LoadOptions): Promise<GeneratorResult> {
  const { url, file, offset, connections, seconds, pace } = options;
  const load = ['-t', '1', '-c', `${connections}`, '-d', `${seconds}s`, '-s', SCRIPT];
  const args = [...load, url, '--', file, `${offset}`, `${pace?.pauseMs ?? 0}`];
  let watch: CpuWatch | undefined;
  const onStart = (pid: number) => {
    watch = new CpuWatch(pid);
  };
  const env = { PATH: process.env.PATH ?? '' };
  const stdout = await runProgram(scope, 'wrk', { args, env, onStart }).finally(() =>
    watch?.stop(),
  );
  const summary = JSON.parse(stdout.slice(stdout.lastIndexOf('{')));
  return {
    requests: summary.requests,
    refused: summary.refused,
    failed: summary.failed,
    seconds: summary.microseconds / 1e6,
    p50Ms: summary.p50Microseconds / 1000,
    p99Ms: summary.p99Microseconds / 1000,
    generatorShare: watch?.share() ?? null,
  };
}

/** Samples the CPU time of a process, because nothing is left to be read once it has ended. */
class CpuWatch {
  readonly #samples: { atSeconds: number; cpuSeconds: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => this.#sample(pid), SAMPLE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  share(): number | null {
    const first = this.#samples[SKIPPED_SAMPLES];
    const last = this.#samples.at(-1);
    if (!first || !last || first === last) return null;
    return (last.cpuSeconds - first.cpuSeconds) / (last.atSeconds - first.atSeconds);
  }

  #sample(pid: number): void {
    const cpuSeconds = readCpuSeconds(pid);
    if (cpuSeconds !== null)
      this.#samples.push({ atSeconds: performance.now() / 1000, cpuSeconds });
  }
}
