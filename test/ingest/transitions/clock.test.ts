import { describe, expect, it } from 'vitest';
import { longestObservedSilenceMs } from '../../../src/domain/time/observed.ts';
import {
  DAY,
  HOUR,
  InstanceModel,
  MINUTE,
  OVERDUE,
  SECOND,
  T0,
} from '../../support/instance-model.ts';
import { diagnostics, heartbeat, status } from '../../support/messages.ts';

describe('clock skew', () => {
  it('is how far the clock of the device is ahead of the server’s', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ tsMs: T0 + 90 * SECOND }));
    expect(model.row.clock_skew_ms).toBe(90 * SECOND);
  });

  it('is measured against the time of the event where the message says its age', () => {
    const model = new InstanceModel();
    model.receive(HOUR, heartbeat({ tsMs: T0 - 5 * SECOND, ageSeconds: 3_600 }));
    expect(model.row.clock_skew_ms).toBe(-5 * SECOND);
  });

  it('stays as it was when a message carries no time', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ tsMs: T0 - 7 }));
    model.receive(1, heartbeat());
    expect(model.row.clock_skew_ms).toBe(-7);
  });

  it('decides nothing: a device a year ahead lives by the time of receipt', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ tsMs: T0 + 365 * DAY }));
    expect(model.row.last_beat_at).toBe(T0);
  });
});

describe('time that was not observed', () => {
  it('closes no episode', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    model.unobserved.push({ started_at: T0 + MINUTE, ended_at: T0 + 10 * HOUR });
    model.receive(10 * HOUR + MINUTE, heartbeat());
    expect(model.up.list()).toEqual([]);
    expect(model.row).toMatchObject({ up_since: T0, beats: 2 });
  });

  it('splits the silence: each observed part counts by itself', () => {
    const gap = [{ started_at: 100, ended_at: 200 }];
    expect(longestObservedSilenceMs(0, 260, gap)).toBe(100);
    expect(longestObservedSilenceMs(0, 350, gap)).toBe(150);
    expect(longestObservedSilenceMs(150, 180, gap)).toBe(0);
    expect(longestObservedSilenceMs(120, 250, gap)).toBe(50);
  });

  it('does not hide a silence before it', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    model.unobserved.push({ started_at: T0 + OVERDUE + 1, ended_at: T0 + HOUR });
    model.receive(HOUR, heartbeat());
    expect(model.up.list()).toMatchObject([{ ended_by: 'gap' }]);
  });

  it('may be noted in overlapping stretches', () => {
    const gaps = [
      { started_at: 10, ended_at: 100 },
      { started_at: 20, ended_at: 50 },
    ];
    expect(longestObservedSilenceMs(0, 120, gaps)).toBe(20);
  });
});

describe('a clock of the server that was set back', () => {
  const STEP = 3 * DAY;

  it('makes no negative duration, and silence counts by the clock of today', () => {
    const model = new InstanceModel();
    model.receive(STEP, heartbeat());
    model.receive(STEP + MINUTE, heartbeat());
    model.receive(0, heartbeat());
    expect(model.row).toMatchObject({ up_since: T0, last_beat_at: T0, beats: 3 });
    model.receive(OVERDUE + 1, heartbeat());
    expect(model.up.list()).toMatchObject([{ started_at: T0, ended_at: T0, up_ms: 0, beats: 3 }]);
  });

  it('is noticed also by messages that always say a small age', () => {
    const model = new InstanceModel();
    model.receive(STEP, heartbeat({ ageSeconds: 0.01 }));
    model.receive(0, heartbeat({ ageSeconds: 0.01 }));
    model.receive(30 * SECOND, heartbeat({ ageSeconds: 0.01 }));
    expect(model.row.last_beat_at).toBe(T0 + 30 * SECOND - 10);
  });

  it('does not make a new status an old one', () => {
    const model = new InstanceModel();
    model.receive(STEP, status('running'));
    model.receive(0, status('error'));
    expect(model.row).toMatchObject({ status: 'error', status_since: T0, newest_at: T0 });
    expect(model.status.list()).toMatchObject([{ started_at: T0, ended_at: T0 }]);
  });

  it('does not keep open what the device has closed since', () => {
    const model = new InstanceModel();
    model.receive(STEP, diagnostics([{ code: 1, severity: 2 }]));
    model.receive(0, heartbeat());
    model.receive(MINUTE, diagnostics([{ code: 1, severity: 0 }]));
    expect(model.row.open_errors).toBe(0);
    expect(model.diagnostic.list()).toMatchObject([
      { opened_at: T0 + MINUTE, closed_at: T0 + MINUTE },
    ]);
  });

  it('by less than the overdue limit loses no word either', () => {
    const model = new InstanceModel();
    model.receive(MINUTE, status('running'));
    model.receive(MINUTE, diagnostics([{ code: 1, severity: 2 }]));
    model.receive(0, status('error', { ageSeconds: 0.01 }));
    model.receive(1, diagnostics([{ code: 1, severity: 0 }]));
    expect(model.row).toMatchObject({ status: 'error', status_since: T0 + MINUTE, open_errors: 0 });
  });

  it('by less than the overdue limit counts heartbeats in the open episode', () => {
    const model = new InstanceModel();
    model.receive(MINUTE, heartbeat());
    model.receive(0, heartbeat());
    expect(model.row).toMatchObject({ up_since: T0 + MINUTE, last_beat_at: T0 + MINUTE, beats: 2 });
    expect(model.up.list()).toEqual([]);
  });
});
