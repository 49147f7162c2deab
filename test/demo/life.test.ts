import { describe, expect, it } from 'vitest';
import { type Device, planFleet } from '../../src/demo/fleet.ts';
import type { DeviceMessage } from '../../src/demo/life.ts';
import { choosePace, MACHINES } from '../../src/demo/pace.ts';
import { Schedule } from '../../src/demo/schedule.ts';
import type { MessageKind } from '../../src/protocol/messages.ts';
import { accept } from '../protocol/support.ts';

const PACE = choosePace(MACHINES.usual);
const DEVICES = planFleet(MACHINES.usual);
/** Longer than any cycle of the present. */
const WHILE_MS = 40 * PACE.beatMs;

function findDevice(name: string): Device {
  const device = DEVICES.find(({ behaviour }) => behaviour.name === name);
  if (!device) throw new Error(`no device is ${name}`);
  return device;
}

/** What a device of the behaviour sends until now, and then for a while. */
function listen(name: string): { past: DeviceMessage[]; present: DeviceMessage[] } {
  const schedule = new Schedule([findDevice(name)], PACE);
  return { past: schedule.takeUntil(0), present: schedule.takeUntil(WHILE_MS) };
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test looks at
type Payload = Record<string, any>;

const ofKind = (messages: readonly DeviceMessage[], wanted: MessageKind): Payload[] =>
  messages.filter(({ kind }) => kind === wanted).map(({ payload }) => payload);

/** The longest time between two heartbeats, the beginning and the end included. */
function longestSilence(messages: readonly DeviceMessage[]): number {
  const beats = messages.filter(({ kind }) => kind === 'heartbeat').map(({ atMs }) => atMs);
  const ends = [0, ...beats, WHILE_MS];
  return Math.max(...ends.slice(1).map((atMs, index) => atMs - (ends[index] ?? 0)));
}

const wordsOf = (messages: readonly DeviceMessage[]) =>
  new Set(ofKind(messages, 'status').map(({ status }) => status));

const severitiesOf = (messages: readonly DeviceMessage[]) =>
  new Set(
    ofKind(messages, 'diagnostics').flatMap(({ diagnostics }) =>
      diagnostics.map(({ severity }: Payload) => severity),
    ),
  );

describe('what the devices of a demo send', () => {
  it('is the same each time', () => {
    const [one, other] = [new Schedule(DEVICES, PACE), new Schedule(DEVICES, PACE)];
    expect(one.takeUntil(WHILE_MS)).toEqual(other.takeUntil(WHILE_MS));
  });

  it('comes in the order of time, each message once, however often one looks', () => {
    const [patient, eager] = [new Schedule(DEVICES, PACE), new Schedule(DEVICES, PACE)];
    const often = Array.from({ length: 40 }, (_, index) => eager.takeUntil(index * 3_000)).flat();
    const once = patient.takeUntil(39 * 3_000);
    expect(often).toHaveLength(once.length);
    expect(once.map(({ atMs }) => atMs)).toEqual(often.map(({ atMs }) => atMs));
  });

  it('is as the wire wants it, without a warning', () => {
    const messages = new Schedule(DEVICES, PACE).takeUntil(WHILE_MS);
    const warnings = messages.flatMap(({ kind, payload }) => accept(kind, payload).warnings);
    expect(warnings).toEqual([]);
  });

  it.each([MACHINES.usual, 1_000, MACHINES.most])('is bounded for %i machines', (machines) => {
    const pace = choosePace(machines);
    const schedule = new Schedule(planFleet(machines), pace);
    schedule.takeUntil(0);
    const minutes = (8 * pace.beatMs) / 60_000;
    const rate = schedule.takeUntil(8 * pace.beatMs).length / minutes;
    expect(rate).toBeGreaterThan(300);
    expect(rate).toBeLessThan(2_000);
  });

  it('leaves no gap between past and present where a device is well', () => {
    const steady = DEVICES.filter(({ behaviour }) => behaviour.name === 'steady');
    const schedule = new Schedule(steady, PACE);
    const lastOf = new Map(schedule.takeUntil(0).map(({ device, atMs }) => [device, atMs]));
    const firstOf = new Map(
      schedule
        .takeUntil(PACE.beatMs)
        .reverse()
        .map(({ device, atMs }) => [device, atMs]),
    );
    for (const device of steady) {
      const gap = (firstOf.get(device) ?? Infinity) - (lastOf.get(device) ?? -Infinity);
      expect(gap).toBeLessThan(PACE.overdueMs);
    }
  });
});

describe('a device that is', () => {
  it('steady beats, runs and reports nothing', () => {
    const { present } = listen('steady');
    expect(longestSilence(present)).toBeLessThan(PACE.overdueMs);
    expect(wordsOf(present)).toEqual(new Set(['running']));
    expect(severitiesOf(present)).toEqual(new Set());
  });

  it('silent spoke until some time ago', () => {
    const { past, present } = listen('silent');
    expect(present).toEqual([]);
    expect(past.at(-1)?.atMs).toBeLessThan(-PACE.overdueMs);
  });

  it('failing says so, with an error and a warning', () => {
    const { present } = listen('failing');
    expect(wordsOf(present)).toEqual(new Set(['error']));
    expect(severitiesOf(present)).toEqual(new Set([1, 2]));
  });

  it('degraded says so, with a warning', () => {
    const { present } = listen('degraded');
    expect(wordsOf(present)).toEqual(new Set(['degraded']));
    expect(severitiesOf(present)).toEqual(new Set([1]));
  });

  it('stopped said so last, and does not beat', () => {
    const { past, present } = listen('stopped');
    expect(ofKind(past, 'status').at(-1)).toMatchObject({ status: 'stopped' });
    expect(ofKind(present, 'heartbeat')).toEqual([]);
  });

  it('commissioning never beat', () => {
    const { past, present } = listen('commissioning');
    expect(wordsOf(past)).toEqual(new Set(['commissioning']));
    expect(ofKind([...past, ...present], 'heartbeat')).toEqual([]);
  });

  it('on a bad line is overdue again and again, and comes back', () => {
    const { present } = listen('on a bad line');
    expect(longestSilence(present)).toBeGreaterThan(PACE.overdueMs);
    expect(ofKind(present, 'heartbeat').length).toBeGreaterThan(10);
  });

  it('restarting begins its uptime anew, and was not away for long', () => {
    const { present } = listen('restarting');
    const uptimes = ofKind(present, 'heartbeat').map(({ uptime_seconds }) => uptime_seconds);
    const falls = uptimes.filter((uptime, index) => uptime < (uptimes[index - 1] ?? 0));
    expect(falls.length).toBeGreaterThan(5);
    expect(longestSilence(present)).toBeLessThan(PACE.overdueMs);
  });

  it('being updated tells ever new versions', () => {
    const { past, present } = listen('being updated');
    const versions = ofKind([...past, ...present], 'heartbeat').map(({ version }) => version);
    expect(new Set(versions).size).toBeGreaterThanOrEqual(4);
  });

  it('failing now and then closes what it reported', () => {
    const { present } = listen('failing now and then');
    expect(wordsOf(present)).toEqual(new Set(['running', 'error']));
    expect(severitiesOf(present)).toEqual(new Set([0, 1, 2]));
  });

  it('repaired was in trouble, and has closed it', () => {
    const { past, present } = listen('repaired');
    expect(wordsOf(past)).toEqual(new Set(['running', 'error', 'stopped']));
    const last = ofKind(past, 'diagnostics').at(-1);
    expect(last?.diagnostics.map(({ severity }: Payload) => severity)).toEqual([0, 0]);
    expect(wordsOf(present)).toEqual(new Set(['running']));
  });

  it('refused tries it in the first seconds, and then once an interval', () => {
    const { past, present } = listen('token_missing');
    expect(past).toEqual([]);
    expect(present[0]?.atMs).toBeLessThan(10_000);
    expect(present.length).toBeLessThanOrEqual(WHILE_MS / PACE.beatMs);
  });
});
