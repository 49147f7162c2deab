/** What the history of real messages tells. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOverdue } from '../../src/domain/health/watch.ts';
import type { Uptime } from '../../src/domain/history/uptime.ts';
import { decodeMessage } from '../../src/protocol/decode.ts';
import {
  DAY,
  HOUR,
  InstanceModel,
  MINUTE,
  OVERDUE,
  SECOND,
  T0,
} from '../support/instance-model.ts';
import { heartbeat } from '../support/messages.ts';
import { STORIES_TIMEOUT_MS, tryStories } from '../support/property.ts';
import { streams, unobservedTimes } from '../support/streams.ts';
import { uptimeOf, windowOf } from '../support/uptime.ts';

/** A process that beats every minute of a stretch, from its start on. */
function run(model: InstanceModel, fromMs: number, toMs: number, version = '1.0'): void {
  for (let atMs = fromMs; atMs <= toMs; atMs += MINUTE) {
    model.receive(atMs, heartbeat({ uptimeSeconds: (atMs - fromMs) / SECOND, version }));
  }
}

describe('the history of a device', () => {
  it('that was off for an hour has an outage and a restart', () => {
    const model = new InstanceModel();
    run(model, 0, 2 * HOUR);
    run(model, 3 * HOUR, 4 * HOUR);
    const uptime = uptimeOf(model, 4 * HOUR);
    expect(uptime.outages).toEqual([
      { from: T0 + 2 * HOUR, to: T0 + 3 * HOUR, duration_ms: HOUR, stopped: false },
    ]);
    expect(uptime.restarts).toEqual([{ at: T0 + 3 * HOUR, silence_ms: HOUR }]);
    expect(windowOf(uptime, '24h')).toMatchObject({ availability: 0.75, outages: 1, restarts: 1 });
  });

  it('that was updated has two versions and no outage', () => {
    const model = new InstanceModel();
    run(model, 0, HOUR);
    run(model, HOUR + 2 * MINUTE, 2 * HOUR, '1.1');
    const { outages, versions, availability } = uptimeOf(model, 2 * HOUR);
    expect({ outages, up: availability[0]?.availability }).toEqual({ outages: [], up: 1 });
    expect(versions).toEqual([
      { version: '1.1', since: T0 + HOUR + 2 * MINUTE, until: null },
      { version: '1.0', since: T0, until: T0 + HOUR + 2 * MINUTE },
    ]);
  });

  it('whose connection was down has no outage once its kept heartbeats came', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    model.receive(HOUR, heartbeat());
    expect(uptimeOf(model, HOUR).outages).toHaveLength(1);
    for (let atMs = 4 * MINUTE; atMs < HOUR; atMs += 4 * MINUTE) {
      model.receive(HOUR, heartbeat({ ageSeconds: (HOUR - atMs) / SECOND }));
    }
    const uptime = uptimeOf(model, HOUR);
    expect(uptime.outages).toEqual([]);
    expect(windowOf(uptime, '24h')).toMatchObject({ availability: 1, observed_ms: HOUR });
  });

  it('that crashes every two minutes tells how often, and counts what it covered', () => {
    const model = new InstanceModel();
    for (let start = 0; start < HOUR; start += 2 * MINUTE) run(model, start, start + MINUTE);
    const { episodes, availability } = uptimeOf(model, HOUR);
    expect(episodes.map((each) => each.episodes)).toEqual([1, 28, 1]);
    expect(availability[0]).toMatchObject({ observed_ms: HOUR, up_ms: 33 * MINUTE });
  });

  it('goes on where the clock of the server was set back by a day', () => {
    const model = new InstanceModel(undefined, T0 + DAY);
    run(model, DAY, DAY + HOUR);
    run(model, DAY + 2 * HOUR, DAY + 3 * HOUR);
    run(model, 0, 2 * HOUR);
    const { outages, availability } = uptimeOf(model, 2 * HOUR);
    expect({ outages, up: availability[0]?.availability }).toEqual({ outages: [], up: 1 });
  });
});

it(
  'agrees with the light on whether an outage goes on, and makes no time that was not there',
  () => {
    const story = fc.record({
      stream: streams({ maxLength: 60 }),
      gaps: unobservedTimes,
      afterMs: fc.constantFrom(0, OVERDUE, OVERDUE + 1, HOUR, 3 * DAY),
    });
    fc.assert(
      fc.property(story, ({ stream, gaps, afterMs }) => {
        const model = new InstanceModel();
        model.unobserved.push(...gaps);
        for (const { endpoint, payload, receivedMs } of stream) {
          const decoded = decodeMessage(endpoint, payload);
          if (decoded.ok) model.receive(receivedMs, decoded.message);
        }
        expectSound(model, (stream.at(-1)?.receivedMs ?? 0) + afterMs);
      }),
      tryStories(200),
    );
  },
  STORIES_TIMEOUT_MS,
);

function expectSound(model: InstanceModel, atMs: number): void {
  const uptime = uptimeOf(model, atMs);
  const nowMs = T0 + atMs;
  const { unobserved } = model;
  const watch = { nowMs, watchedUntilMs: nowMs, unobserved, overdueAfterMs: OVERDUE };
  const { last_beat_at } = model.row;
  const isDown = last_beat_at !== null && isOverdue(last_beat_at, OVERDUE, watch);
  expect(uptime.outages[0]?.to === null, 'the light and the outages').toBe(isDown);
  for (const { from, to, duration_ms } of uptime.outages) {
    expect(duration_ms).toBeGreaterThan(OVERDUE);
    expect(duration_ms).toBeLessThanOrEqual((to ?? nowMs) - from);
  }
  for (const { silence_ms } of uptime.restarts) expect(silence_ms).toBeGreaterThanOrEqual(0);
  for (const { availability, observed_ms, up_ms, from, to } of uptime.availability) {
    expect(up_ms).toBeGreaterThanOrEqual(0);
    expect(up_ms).toBeLessThanOrEqual(observed_ms);
    expect(observed_ms).toBeLessThanOrEqual(to - from);
    expect(availability === null).toBe(observed_ms === 0);
  }
  expectOutagesToBeTheLoss(uptime);
}

/** Where flapping merged nothing, and no window cuts an outage. */
function expectOutagesToBeTheLoss({ availability, episodes, outages }: Uptime): void {
  if (episodes.some((each) => each.episodes > 1)) return;
  const lostMs = outages.reduce((sum, { duration_ms }) => sum + duration_ms, 0);
  for (const { observed_ms, up_ms, from } of availability) {
    if (outages.some((outage) => outage.from < from)) continue;
    expect(observed_ms - up_ms, 'what was not up').toBe(lostMs);
  }
}
