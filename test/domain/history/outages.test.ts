import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, OVERDUE } from '../../support/instance-model.ts';
import { compute, NOW, openSpan, span, unobserved } from '../../support/uptime.ts';

const BEFORE = span(-10 * HOUR, -5 * HOUR);

/** A silence of this length after BEFORE, and heartbeats since. */
function silentFor(ms: number, gaps: ReturnType<typeof unobserved>[] = []) {
  const open = openSpan(-5 * HOUR + ms);
  return compute({ closed: [BEFORE], open, watch: { unobserved: gaps } }).outages;
}

describe('an outage', () => {
  it('is silence for longer than the overdue limit, from heartbeat to heartbeat', () => {
    expect(silentFor(OVERDUE + 1)).toEqual([
      {
        from: NOW - 5 * HOUR,
        to: NOW - 5 * HOUR + OVERDUE + 1,
        duration_ms: OVERDUE + 1,
        stopped: false,
      },
    ]);
  });

  it('is not a silence of exactly the limit', () => {
    expect(silentFor(OVERDUE)).toEqual([]);
  });

  it.each(['restart', 'version'])('is also one after which came a %s', (ended_by) => {
    const closed = [{ ...BEFORE, ended_by }];
    expect(compute({ closed, open: openSpan(-4 * HOUR) }).outages).toMatchObject([
      { duration_ms: HOUR },
    ]);
  });

  it('goes on while an open episode is overdue', () => {
    const { outages } = compute({ open: openSpan(-HOUR, -OVERDUE - 1) });
    expect(outages).toEqual([
      { from: NOW - OVERDUE - 1, to: null, duration_ms: OVERDUE + 1, stopped: false },
    ]);
    expect(compute({ open: openSpan(-HOUR, -OVERDUE) }).outages).toEqual([]);
  });

  it('is not what nobody observed', () => {
    expect(silentFor(2 * HOUR, [unobserved(-5 * HOUR, -3 * HOUR)])).toEqual([]);
    expect(silentFor(2 * HOUR, [unobserved(-6 * HOUR, -2 * HOUR)])).toEqual([]);
  });

  it('is not a silence of which no observed part exceeds the limit', () => {
    const gap = unobserved(-5 * HOUR + OVERDUE, -3 * HOUR - OVERDUE);
    expect(silentFor(2 * HOUR, [gap])).toEqual([]);
  });

  it('that began before the server stopped goes on after it, without that time', () => {
    const gap = unobserved(-5 * HOUR + 10 * MINUTE, -4 * HOUR);
    expect(silentFor(HOUR + MINUTE, [gap])).toMatchObject([
      { from: NOW - 5 * HOUR, to: NOW - 4 * HOUR + MINUTE, duration_ms: 11 * MINUTE },
    ]);
  });

  it('begins when a server listens again where nothing was overdue before it stopped', () => {
    const gap = unobserved(-5 * HOUR + MINUTE, -4 * HOUR);
    expect(silentFor(2 * HOUR, [gap])).toMatchObject([
      { from: NOW - 4 * HOUR, to: NOW - 3 * HOUR, duration_ms: HOUR },
    ]);
  });

  it('is not the time since the last server stopped', () => {
    const open = openSpan(-2 * HOUR, -HOUR);
    expect(compute({ open, watch: { watchedUntilMs: NOW - HOUR + OVERDUE } }).outages).toEqual([]);
    expect(compute({ open, watch: { watchedUntilMs: NOW - 50 * MINUTE } }).outages).toMatchObject([
      { to: null, duration_ms: 10 * MINUTE },
    ]);
    expect(compute({ open, watch: { watchedUntilMs: null } }).outages).toEqual([]);
  });

  it('is none before the first heartbeat, and for an instance that never sent one', () => {
    expect(compute({ open: openSpan(-MINUTE) }).outages).toEqual([]);
    expect(compute({}).outages).toEqual([]);
  });

  it('is listed newest first', () => {
    const closed = [span(-9 * DAY, -8 * DAY), span(-7 * DAY, -6 * DAY)];
    const { outages } = compute({ closed, open: openSpan(-5 * DAY) });
    expect(outages.map(({ from }) => from - NOW)).toEqual([-6 * DAY, -8 * DAY]);
  });
});

describe('an outage of a device that had said "stopped"', () => {
  const outageWith = (status: {
    status?: string;
    fromMs: number;
    toMs: number;
    lastMs?: number;
  }) => {
    const { fromMs, toMs, lastMs = fromMs, status: word = 'Stopped' } = status;
    const started_at = NOW + fromMs;
    const statuses = [{ started_at, ended_at: NOW + toMs, last_at: NOW + lastMs, status: word }];
    return compute({ closed: [BEFORE], open: openSpan(-4 * HOUR), statuses }).outages[0]?.stopped;
  };

  it.each([
    ['before its last heartbeat', { fromMs: -5 * HOUR - 1, toMs: -4 * HOUR }, true],
    ['after its last heartbeat', { fromMs: -5 * HOUR + 1, toMs: -4 * HOUR + 1 }, true],
    ['long ago, and not again', { fromMs: -11 * HOUR, toMs: 0 }, false],
    ['long ago, and again', { fromMs: -11 * HOUR, toMs: 0, lastMs: -6 * HOUR }, true],
    ['and taken back in time', { fromMs: -6 * HOUR, toMs: -5 * HOUR - 1 }, false],
    ['only when it was up again', { fromMs: -4 * HOUR, toMs: 0 }, false],
    ['in another word', { status: 'halted', fromMs: -5 * HOUR - 1, toMs: -4 * HOUR }, false],
  ])('is marked where it was said %s', (_, status, expected) => {
    expect(outageWith(status)).toBe(expected);
  });

  it('is no less an outage', () => {
    const statuses = [
      { started_at: NOW - HOUR, ended_at: NOW, last_at: NOW - HOUR, status: 'stopped' },
    ];
    const { outages, availability } = compute({ open: openSpan(-2 * HOUR, -HOUR), statuses });
    expect(outages).toMatchObject([{ to: null, stopped: true }]);
    expect(availability[0]?.availability).toBe(0.5);
  });
});
