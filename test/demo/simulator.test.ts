import { expect, it } from 'vitest';
import { planFleet } from '../../src/demo/fleet.ts';
import { choosePace } from '../../src/demo/pace.ts';
import { CUSTOMERS } from '../../src/demo/scenario/customers.ts';
import { Schedule } from '../../src/demo/schedule.ts';
import { startSimulator } from '../../src/demo/simulator.ts';

const credentials = {
  ofCustomer: new Map(CUSTOMERS.map(({ slug }) => [slug, slug])),
  ofDevice: new Map(),
};

/** Runs the devices by a clock that moves on by the step whenever it is read, and returns how often they sent. */
async function countRequests({ stepMs, reads }: { stepMs: number; reads: number }) {
  const schedule = new Schedule(planFleet(30), choosePace(30));
  schedule.takeUntil(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  let read = 0;
  let sent = 0;
  const clock = () => {
    read += 1;
    if (read === reads) resolve();
    return read * stepMs;
  };
  const send = async () => {
    sent += 1;
    return { status: 200, body: '' };
  };
  const failed: unknown[] = [];
  const onError = (error: unknown) => failed.push(error);
  const simulator = startSimulator({
    schedule,
    credentials,
    send,
    startMs: stepMs,
    clock,
    onError,
  });
  await promise;
  await simulator.stop();
  expect(failed).toEqual([]);
  return sent;
}

it('makes up for nothing after a pause, as of a computer that slept', async () => {
  const usual = await countRequests({ stepMs: 5_000, reads: 5 });
  const slept = await countRequests({ stepMs: 8 * 3_600_000, reads: 5 });
  expect(usual).toBeGreaterThan(0);
  expect(slept).toBe(usual);
});

it('goes on after a request that got no answer', async () => {
  const schedule = new Schedule(planFleet(30), choosePace(30));
  schedule.takeUntil(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  const failed: unknown[] = [];
  const simulator = startSimulator({
    schedule,
    credentials,
    send: () => Promise.reject(new Error('away')),
    startMs: -30_000,
    clock: () => 0,
    onError: (error) => {
      failed.push(error);
      if (failed.length === 10) resolve();
    },
  });
  await promise;
  await simulator.stop();
  expect(failed.length).toBeGreaterThanOrEqual(10);
});
