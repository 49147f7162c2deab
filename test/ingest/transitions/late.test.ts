import { describe, expect, it } from 'vitest';
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

/** Receives `message` at `receivedMs`, about something that happened at `atMs`. */
const aged = (atMs: number, receivedMs: number) => ({ ageSeconds: (receivedMs - atMs) / SECOND });

describe('late heartbeat', () => {
  /** Heard at 0 and 1 min, then not until 60 min. */
  const afterOutage = () => {
    const model = new InstanceModel();
    for (const atMs of [0, MINUTE, HOUR]) model.receive(atMs, heartbeat());
    return model;
  };

  it('newer than the last known one continues the episode in its own time', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    for (let atMs = MINUTE; atMs < HOUR; atMs += MINUTE) {
      model.receive(HOUR, heartbeat(aged(atMs, HOUR)));
    }
    expect(model.up.list()).toEqual([]);
    expect(model.row).toMatchObject({ up_since: T0, last_beat_at: T0 + HOUR - MINUTE, beats: 60 });
    expect(model.row.last_seen_at).toBe(T0 + HOUR);
  });

  it('inside the open episode counts in it and changes nothing else', () => {
    const model = afterOutage();
    model.receive(HOUR + 2 * MINUTE, heartbeat({ pid: 1 }));
    const before = model.row;
    const late = { ...aged(HOUR + MINUTE, 2 * HOUR), pid: 2, version: '9', uptimeSeconds: 1 };
    model.receive(2 * HOUR, heartbeat(late));
    expect(model.row).toEqual({ ...before, beats: 3, last_seen_at: T0 + 2 * HOUR });
  });

  it('inside a closed episode counts there', () => {
    const model = afterOutage();
    model.receive(HOUR, heartbeat(aged(30 * SECOND, HOUR)));
    expect(model.up.list()).toMatchObject([{ beats: 3, ended_at: T0 + MINUTE }]);
  });

  it('extends the episode before it within the overdue limit', () => {
    const model = afterOutage();
    model.receive(HOUR, heartbeat(aged(MINUTE + OVERDUE, HOUR)));
    expect(model.up.list()).toMatchObject([
      { started_at: T0, ended_at: T0 + MINUTE + OVERDUE, up_ms: MINUTE + OVERDUE, beats: 3 },
    ]);
  });

  it('further away is an episode of its own', () => {
    const model = afterOutage();
    model.receive(HOUR, heartbeat({ ...aged(30 * MINUTE, HOUR), version: '2' }));
    expect(model.up.list()).toMatchObject([
      { ended_at: T0 + MINUTE },
      { started_at: T0 + 30 * MINUTE, up_ms: 0, beats: 1, version: '2', ended_by: 'gap' },
    ]);
  });

  it('leaves the open episode as it is, also where it comes just before it', () => {
    const model = afterOutage();
    model.receive(2 * HOUR, heartbeat(aged(HOUR - MINUTE, 2 * HOUR)));
    expect(model.row).toMatchObject({ up_since: T0 + HOUR, beats: 1 });
    expect(model.up.list()).toHaveLength(2);
  });

  it('that fills a gap between closed episodes makes them one', () => {
    const model = afterOutage();
    model.receive(2 * HOUR, heartbeat());
    for (let atMs = 5 * MINUTE; atMs < HOUR; atMs += 4 * MINUTE) {
      model.receive(2 * HOUR, heartbeat(aged(atMs, 2 * HOUR)));
    }
    expect(model.up.list()).toMatchObject([
      { started_at: T0, ended_at: T0 + HOUR, up_ms: HOUR, beats: 17, episodes: 1 },
    ]);
  });

  it('makes no one of two versions, though it tells none itself', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ version: '1' }));
    model.receive(OVERDUE + MINUTE, heartbeat({ version: '2' }));
    model.receive(HOUR, heartbeat({ version: '2' }));
    model.receive(HOUR, heartbeat(aged(3 * MINUTE, HOUR)));
    expect(model.up.list()).toMatchObject([{ version: '1' }, { version: '2' }]);
  });

  it('does not hide a restart', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ uptimeSeconds: 100 }));
    model.receive(MINUTE, heartbeat({ uptimeSeconds: 0 }));
    model.receive(HOUR, heartbeat());
    model.receive(HOUR, heartbeat(aged(30 * SECOND, HOUR)));
    expect(model.up.list()).toMatchObject([{ ended_by: 'restart', beats: 2 }, { ended_by: 'gap' }]);
  });

  it('of a device that was never heard of before begins its history', () => {
    const model = new InstanceModel();
    model.receive(HOUR, heartbeat(aged(0, HOUR)));
    expect(model.row).toMatchObject({ up_since: T0, last_beat_at: T0, beats: 1 });
  });
});

describe('late status', () => {
  it('is the current one when nothing newer is known: the spool of an outage ends where the device was', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(HOUR, status('degraded', aged(10 * MINUTE, HOUR)));
    model.receive(HOUR, status('error', aged(20 * MINUTE, HOUR)));
    expect(model.row).toMatchObject({ status: 'error', status_since: T0 + 20 * MINUTE });
    expect(model.status.list()).toMatchObject([{ status: 'running' }, { status: 'degraded' }]);
  });

  it('is history once anything newer is known, of whatever kind', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(HOUR, heartbeat());
    model.receive(HOUR, status('error', aged(10 * MINUTE, HOUR)));
    expect(model.row).toMatchObject({ status: 'running', status_since: T0 });
    expect(model.status.list()).toMatchObject([
      { status: 'error', started_at: T0 + 10 * MINUTE, ended_at: T0 + 10 * MINUTE },
    ]);
  });

  it('counts in the open episode when it repeats its word', () => {
    const model = new InstanceModel();
    model.receive(0, status('running', { message: 'new' }));
    model.receive(HOUR, heartbeat());
    model.receive(HOUR, status('Running', { ...aged(MINUTE, HOUR), message: 'old' }));
    expect(model.row).toMatchObject({ status: 'running', status_count: 2 });
    expect(model.state.statusDetail?.message).toBe('new');
    expect(model.status.list()).toEqual([]);
  });

  it('holds until the next change where its predecessor was not said again', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(HOUR, status('stopped'));
    model.receive(HOUR, status('error', aged(10 * MINUTE, HOUR)));
    expect(model.status.list()).toMatchObject([
      { status: 'running', started_at: T0, ended_at: T0 + 10 * MINUTE },
      { status: 'error', started_at: T0 + 10 * MINUTE, ended_at: T0 + HOUR },
    ]);
  });

  it('is a point in time where its predecessor was said again after it', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(30 * MINUTE, status('running'));
    model.receive(HOUR, status('stopped'));
    model.receive(HOUR, status('error', aged(10 * MINUTE, HOUR)));
    expect(model.status.list()).toMatchObject([
      { status: 'running', started_at: T0, ended_at: T0 + HOUR, count: 2 },
      { status: 'error', started_at: T0 + 10 * MINUTE, ended_at: T0 + 10 * MINUTE },
    ]);
  });

  it('finds the episode that lasted, also behind a point in time within it', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(50 * MINUTE, status('running'));
    model.receive(HOUR, status('stopped'));
    model.receive(HOUR, status('error', aged(10 * MINUTE, HOUR)));
    model.receive(HOUR, status('running', aged(20 * MINUTE, HOUR)));
    expect(model.status.list()).toMatchObject([
      { status: 'running', count: 3 },
      { status: 'error', count: 1 },
    ]);
  });

  it('from before the first known word holds until that, and never into the open episode', () => {
    const model = new InstanceModel();
    model.receive(HOUR, status('running'));
    model.receive(2 * HOUR, heartbeat());
    model.receive(2 * HOUR, status('error', aged(90 * MINUTE, 2 * HOUR)));
    model.receive(2 * HOUR, status('starting', aged(30 * MINUTE, 2 * HOUR)));
    expect(model.status.list()).toMatchObject([
      { status: 'starting', started_at: T0 + 30 * MINUTE, ended_at: T0 + HOUR },
      { status: 'error', ended_at: T0 + 90 * MINUTE },
    ]);
  });

  it('said again and again within an episode of another word is one row', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(2 * HOUR, heartbeat());
    for (let atMs = MINUTE; atMs < HOUR; atMs += MINUTE) {
      model.receive(2 * HOUR, status('error', aged(atMs, 2 * HOUR)));
    }
    expect(model.status.list()).toMatchObject([{ status: 'error', count: 59 }]);
  });
});

describe('late diagnostic', () => {
  const ERROR = { code: 500, severity: 2 } as const;

  it('opens when nothing newer is known of the instance', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    model.receive(HOUR, diagnostics([ERROR], aged(10 * MINUTE, HOUR)));
    expect(model.find(500)).toMatchObject({ severity: 2, opened_at: T0 + 10 * MINUTE });
  });

  it('raises nothing once anything newer is known', () => {
    const model = new InstanceModel();
    model.receive(HOUR, heartbeat());
    model.receive(HOUR, diagnostics([ERROR], aged(10 * MINUTE, HOUR)));
    expect(model.find(500)).toBeUndefined();
    expect(model.row).toMatchObject({ open_errors: 0, worst_severity: 0 });
    expect(model.diagnostic.list()).toMatchObject([
      { opened_at: T0 + 10 * MINUTE, closed_at: T0 + 10 * MINUTE, closed_by: 'late' },
    ]);
  });

  it('counts in the open episode of its severity, whose text stays', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ ...ERROR, message: 'new' }]));
    model.receive(HOUR, heartbeat());
    model.receive(HOUR, diagnostics([{ ...ERROR, message: 'old' }], aged(MINUTE, HOUR)));
    expect(model.find(500)).toMatchObject({ message: 'new', count: 2, last_at: T0 });
  });

  it('counts in the closed episode that lasted at its time', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([ERROR]));
    model.receive(HOUR, diagnostics([{ code: 500, severity: 0 }]));
    model.receive(HOUR, diagnostics([ERROR], aged(MINUTE, HOUR)));
    expect(model.diagnostic.list()).toMatchObject([{ count: 2, closed_at: T0 + HOUR }]);
  });

  it('repeated within an hour is one episode', () => {
    const model = new InstanceModel();
    model.receive(2 * HOUR, heartbeat());
    for (let atMs = 0; atMs < HOUR; atMs += MINUTE) {
      model.receive(2 * HOUR, diagnostics([ERROR], aged(atMs, 2 * HOUR)));
    }
    expect(model.diagnostic.list()).toMatchObject([
      { opened_at: T0, closed_at: T0 + 59 * MINUTE, count: 60, episodes: 1 },
    ]);
  });

  it('never reaches into an open episode of another severity', () => {
    const model = new InstanceModel();
    model.receive(HOUR, diagnostics([ERROR]));
    model.receive(3 * HOUR, heartbeat());
    for (const atMs of [50 * MINUTE, 70 * MINUTE, 80 * MINUTE]) {
      model.receive(3 * HOUR, diagnostics([{ code: 500, severity: 1 }], aged(atMs, 3 * HOUR)));
    }
    expect(model.diagnostic.list()).toMatchObject([
      { severity: 1, count: 3, opened_at: T0 + 50 * MINUTE, closed_at: T0 + 50 * MINUTE },
    ]);
  });

  it('does not bring an expired warning back', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ code: 1, severity: 1 }]));
    model.receive(2 * DAY, heartbeat());
    model.receive(2 * DAY, diagnostics([{ code: 2, severity: 1 }], aged(HOUR, 2 * DAY)));
    expect(model.row).toMatchObject({ open_warnings: 0, worst_severity: 0 });
  });
});
