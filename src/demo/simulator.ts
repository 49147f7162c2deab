/** Lets the devices speak: what is due is sent, as long as the demo runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Send, sendAll } from './client.ts';
import type { Credentials } from './credentials.ts';
import { toRequests } from './requests.ts';
import type { Schedule } from './schedule.ts';

export interface SimulatorOptions {
  schedule: Schedule;
  credentials: Credentials;
  send: Send;
  /** When the present of the devices begins. */
  startMs: number;
  clock: () => number;
  /** Told of a request that got no answer. */
  onError: (error: unknown) => void;
}

export interface Simulator {
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>;
}

const TICK_MS = 250;
/** After a pause, as of a computer that slept, the devices go on where they were: nothing is made up for. */
const LONGEST_STEP_MS = 5_000;

/** Starts the devices. */
export function startSimulator(options: SimulatorOptions): Simulator {
  const controller = new AbortController();
  const running = run(options, controller.signal);
  return {
    stop: async () => {
      controller.abort();
      await running;
    },
  };
}

async function run(options: SimulatorOptions, signal: AbortSignal): Promise<void> {
  const { schedule, credentials, clock } = options;
  let lastMs = clock();
  let elapsedMs = lastMs - options.startMs;
  while (!signal.aborted) {
    const due = schedule.takeUntil(elapsedMs);
    await sendAll(toRequests(due, credentials), (request) => sendOrTell(request, options, signal));
    await sleep(TICK_MS, undefined, { signal }).catch(() => undefined);
    const nowMs = clock();
    elapsedMs += Math.min(Math.max(0, nowMs - lastMs), LONGEST_STEP_MS);
    lastMs = nowMs;
  }
}

/** A message that does not get through is lost, like that of a device without a spool. */
async function sendOrTell(
  request: Parameters<Send>[0],
  { send, onError }: SimulatorOptions,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  await send(request).catch(onError);
}
