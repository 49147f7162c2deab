import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, OVERDUE } from '../../support/instance-model.ts';
import {
  compute,
  describeStrip,
  NOW,
  openSpan,
  span,
  unobserved,
  windowOf,
} from '../../support/uptime.ts';

describe('availability', () => {
  it('is the share of the window in which the instance was up', () => {
    const uptime = compute({ closed: [span(-9 * DAY, -12 * HOUR)], open: openSpan(-6 * HOUR) });
    expect(windowOf(uptime, '24h')).toMatchObject({
      ...{ from: NOW - DAY, to: NOW, availability: 0.75 },
      ...{ observed_ms: DAY, up_ms: 18 * HOUR, outages: 1, restarts: 0 },
    });
  });

  it('is cut at the beginning of the window, through episodes and outages', () => {
    const through = compute({ closed: [span(-9 * DAY, -8 * DAY)], open: openSpan(-12 * HOUR) });
    expect(windowOf(through, '24h')).toMatchObject({ availability: 0.5, outages: 1 });
    expect(windowOf(through, '7d').availability).toBe(0.5 / 7);
    const before = compute({ closed: [span(-9 * DAY, -8 * DAY)], open: openSpan(-DAY) });
    expect(windowOf(before, '24h')).toMatchObject({ availability: 1, outages: 0 });
  });

  it('counts from the first heartbeat where that lies in the window', () => {
    const closed = [span(-4 * HOUR, -3 * HOUR)];
    expect(windowOf(compute({ closed, open: openSpan(-HOUR) }), '30d')).toMatchObject({
      ...{ availability: 0.5, observed_ms: 4 * HOUR, up_ms: 2 * HOUR },
    });
  });

  it('leaves out what nobody observed', () => {
    const closed = [span(-9 * DAY, -12 * HOUR)];
    const gaps = [unobserved(-20 * HOUR, -16 * HOUR), unobserved(-11 * HOUR, -7 * HOUR)];
    const uptime = compute({ closed, open: openSpan(-6 * HOUR), watch: { unobserved: gaps } });
    expect(windowOf(uptime, '24h')).toMatchObject({
      ...{ observed_ms: 16 * HOUR, up_ms: 14 * HOUR, availability: 14 / 16 },
    });
  });

  it('is unknown where nothing was observed, or no heartbeat ever came', () => {
    const none = { availability: null, observed_ms: 0, up_ms: 0 };
    expect(windowOf(compute({}), '24h')).toMatchObject(none);
    const gone = compute({
      open: openSpan(-9 * DAY, -2 * DAY),
      watch: { watchedUntilMs: NOW - 2 * DAY },
    });
    expect(windowOf(gone, '24h')).toMatchObject(none);
    expect(windowOf(gone, '7d').availability).toBe(1);
    expect(windowOf(compute({ open: openSpan(0) }), '24h')).toMatchObject(none);
  });

  it('counts silence up to the limit as up: a restart, and the time since the last heartbeat', () => {
    const closed = [span(-9 * DAY, -HOUR - OVERDUE, { ended_by: 'restart' })];
    const uptime = compute({ closed, open: openSpan(-HOUR, -OVERDUE) });
    expect(windowOf(uptime, '24h')).toMatchObject({ availability: 1, restarts: 1, outages: 0 });
  });

  it('counts an outage that goes on', () => {
    const uptime = compute({ open: openSpan(-9 * DAY, -6 * HOUR) });
    expect(windowOf(uptime, '24h')).toMatchObject({ availability: 0.75, outages: 1 });
  });
});

describe('episodes that flapping merged', () => {
  const merged = (up_ms: number) =>
    span(-2 * HOUR, -HOUR, { up_ms, episodes: 40, ended_by: 'restart' });
  const uptimeWith = (up_ms: number) =>
    compute({
      closed: [span(-9 * DAY, -2 * HOUR, { ended_by: 'restart' }), merged(up_ms)],
      open: openSpan(-HOUR),
    });

  it('count with the time that heartbeats covered', () => {
    const { availability, up_ms } = windowOf(uptimeWith(15 * MINUTE), '24h');
    expect(up_ms).toBe(DAY - 45 * MINUTE);
    expect(availability).toBeCloseTo((DAY - 45 * MINUTE) / DAY, 12);
    expect(describeStrip(windowOf(uptimeWith(15 * MINUTE), '24h'))).toBe('22 up, 1 partly, 1 up');
    expect(describeStrip(windowOf(uptimeWith(0), '24h'))).toBe('22 up, 1 down, 1 up');
  });

  it('count as up where even all their gaps together are no outage', () => {
    expect(windowOf(uptimeWith(HOUR - OVERDUE), '24h').availability).toBe(1);
    expect(windowOf(uptimeWith(HOUR - OVERDUE - 1), '24h').availability).toBeLessThan(1);
  });

  it('count only where they were observed', () => {
    const closed = [span(-9 * DAY, -2 * HOUR), merged(30 * MINUTE)];
    const watch = { unobserved: [unobserved(-2 * HOUR, -90 * MINUTE)] };
    const uptime = compute({ closed, open: openSpan(-HOUR), watch });
    expect(windowOf(uptime, '24h')).toMatchObject({
      ...{ observed_ms: DAY - 30 * MINUTE, up_ms: DAY - 45 * MINUTE },
    });
  });

  it('are no outages, and one restart at their end', () => {
    const { outages, restarts, episodes } = uptimeWith(0);
    expect({ outages, restarts: restarts.length }).toEqual({ outages: [], restarts: 2 });
    expect(episodes[1]).toMatchObject({ episodes: 40, up_ms: 0 });
  });
});

describe('the strip', () => {
  it('says of each piece what it was like, the oldest first', () => {
    const closed = [span(-20 * HOUR, -12 * HOUR), span(-10.5 * HOUR, -8 * HOUR)];
    const watch = { unobserved: [unobserved(-5 * HOUR, -3 * HOUR)] };
    const uptime = compute({ closed, open: openSpan(-8 * HOUR + MINUTE), watch });
    expect(describeStrip(windowOf(uptime, '24h'))).toBe(
      '4 before_first_heartbeat, 8 up, 1 down, 1 partly, 5 up, 2 not_observed, 3 up',
    );
  });

  it('calls a piece by what was observed of it', () => {
    const watch = { unobserved: [unobserved(-90 * MINUTE, -61 * MINUTE)] };
    const up = compute({ open: openSpan(-DAY), watch });
    expect(describeStrip(windowOf(up, '24h'))).toBe('24 up');
    const down = compute({ open: openSpan(-DAY, -2 * HOUR), watch });
    expect(describeStrip(windowOf(down, '24h'))).toBe('22 up, 2 down');
  });

  it('has nothing to say of an instance without a heartbeat', () => {
    expect(describeStrip(windowOf(compute({}), '30d'))).toBe('30 before_first_heartbeat');
  });
});

describe('a clock that was set back', () => {
  const now = { watchedUntilMs: NOW };

  it('makes no duration negative and loses no heartbeat', () => {
    const closed = [
      span(-9 * DAY, HOUR, { ended_by: 'restart' }),
      span(HOUR, 2 * HOUR, { ended_by: 'restart' }),
      span(-3 * HOUR, -4 * HOUR),
    ];
    const watch = { ...now, unobserved: [unobserved(-MINUTE, 2 * HOUR)] };
    const uptime = compute({ closed, open: openSpan(-2 * HOUR, HOUR), watch });
    expect(uptime.outages).toEqual([]);
    expect(uptime.restarts.every(({ silence_ms }) => silence_ms >= 0)).toBe(true);
    for (const window of uptime.availability) {
      expect(window.availability).toBe(1);
      expect(window.observed_ms).toBeGreaterThan(0);
    }
    for (const episode of uptime.episodes) {
      expect(episode.ended_at).toBeGreaterThanOrEqual(episode.started_at);
      expect(episode.ended_at).toBeLessThanOrEqual(NOW);
      expect(episode.up_ms).toBeGreaterThanOrEqual(0);
    }
  });

  it('sees no outage where episodes overlap', () => {
    const closed = [span(-9 * HOUR, -HOUR), span(-8 * HOUR, -7 * HOUR)];
    expect(compute({ closed, open: openSpan(-HOUR) }).outages).toEqual([]);
  });

  it('leaves out an episode of the future', () => {
    expect(compute({ closed: [span(HOUR, 2 * HOUR)] }).episodes).toEqual([]);
  });
});
