import { describe, expect, it } from 'vitest';
import { InstanceModel, MINUTE, OVERDUE, SECOND, T0 } from '../../support/instance-model.ts';
import { heartbeat } from '../../support/messages.ts';

/** Heartbeats every half minute, with an uptime that rises with them. */
function beatSteadily(model: InstanceModel, fromMs: number, toMs: number): void {
  for (let atMs = fromMs; atMs <= toMs; atMs += 30 * SECOND) {
    model.receive(atMs, heartbeat({ uptimeSeconds: (atMs - fromMs) / SECOND, pid: 7 }));
  }
}

describe('up episode', () => {
  it('opens with the first heartbeat and stays open while they come', () => {
    const model = new InstanceModel();
    beatSteadily(model, 0, 60 * MINUTE);
    expect(model.row).toMatchObject({ up_since: T0, last_beat_at: T0 + 60 * MINUTE, beats: 121 });
    expect(model.up.list()).toEqual([]);
  });

  it('is not begun by other messages', () => {
    const model = new InstanceModel();
    expect(model.row).toMatchObject({ up_since: null, last_beat_at: null, beats: 0 });
  });

  it('survives a silence of exactly the overdue limit', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    model.receive(OVERDUE, heartbeat());
    expect(model.up.list()).toEqual([]);
  });

  it('ends at its last heartbeat when the next one comes after the overdue limit', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    model.receive(MINUTE, heartbeat());
    model.receive(MINUTE + OVERDUE + 1, heartbeat());
    expect(model.up.list()).toMatchObject([
      { started_at: T0, ended_at: T0 + MINUTE, up_ms: MINUTE, beats: 2, ended_by: 'gap' },
    ]);
    expect(model.row).toMatchObject({ up_since: T0 + MINUTE + OVERDUE + 1, beats: 1 });
  });
});

describe('restart', () => {
  it('is a start that moved forward by more than 30 seconds', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ uptimeSeconds: 600 }));
    model.receive(60 * SECOND, heartbeat({ uptimeSeconds: 629.999 }));
    expect(model.up.list()).toMatchObject([{ ended_by: 'restart', ended_at: T0 }]);
  });

  it('is not a start that moved forward by 30 seconds, as delayed messages let it', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ uptimeSeconds: 600 }));
    model.receive(60 * SECOND, heartbeat({ uptimeSeconds: 630 }));
    expect(model.up.list()).toEqual([]);
  });

  it('is not a start that moved backward', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ uptimeSeconds: 10, pid: 1 }));
    model.receive(30 * SECOND, heartbeat({ uptimeSeconds: 100_000, pid: 2 }));
    expect(model.up.list()).toEqual([]);
  });

  it('is another pid where the uptime is absent', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ pid: 100 }));
    model.receive(30 * SECOND, heartbeat({ pid: 200 }));
    expect(model.up.list()).toMatchObject([{ ended_by: 'restart', beats: 1 }]);
    expect(model.row.pid).toBe(200);
  });

  it('is not another pid of the same start, as worker processes have them', () => {
    const model = new InstanceModel();
    for (let beat = 0; beat < 50; beat++) {
      const uptimeSeconds = beat * 30 + (beat % 3);
      model.receive(beat * 30 * SECOND, heartbeat({ uptimeSeconds, pid: 100 + (beat % 4) }));
    }
    expect(model.up.list()).toEqual([]);
    expect(model.row).toMatchObject({ beats: 50, two_senders_at: null });
  });

  it('is not seen in a heartbeat that tells neither uptime nor pid', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ uptimeSeconds: 600, pid: 1 }));
    model.receive(30 * SECOND, heartbeat());
    expect(model.up.list()).toEqual([]);
    expect(model.row).toMatchObject({ pid: 1, uptime_seconds: 600 });
  });

  it('is still seen when such a heartbeat came in between', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ uptimeSeconds: 600 }));
    model.receive(30 * SECOND, heartbeat());
    model.receive(60 * SECOND, heartbeat({ uptimeSeconds: 5 }));
    expect(model.up.list()).toMatchObject([{ ended_by: 'restart', beats: 2 }]);
  });

  it('forgets the uptime of the process before, which the new one has not told', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ uptimeSeconds: 86_400, pid: 1 }));
    model.receive(30 * SECOND, heartbeat({ pid: 2 }));
    expect(model.row).toMatchObject({ pid: 2, uptime_seconds: null });
  });
});

describe('version', () => {
  it('ends the episode when it changes', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ version: '1.0' }));
    model.receive(30 * SECOND, heartbeat({ version: '1.1' }));
    expect(model.up.list()).toMatchObject([{ version: '1.0', ended_by: 'version' }]);
    expect(model.row.version).toBe('1.1');
  });

  it('that is absent says nothing about it', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    model.receive(30 * SECOND, heartbeat({ version: '1.0' }));
    model.receive(60 * SECOND, heartbeat());
    expect(model.up.list()).toEqual([]);
    expect(model.row).toMatchObject({ version: '1.0', beats: 3 });
  });
});

describe('host of an instance', () => {
  it('is noted when what a heartbeat says of it is new', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ hostname: 'press', ips: ['10.0.0.1'] }));
    expect(model.state.host).toMatchObject({ hostname: 'press', ips: '["10.0.0.1"]', os: null });
  });

  it('is not written again while it stays as it is', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ hostname: 'press' }));
    model.state = { ...model.state, host: null };
    model.receive(30 * SECOND, heartbeat({ hostname: 'press' }));
    expect(model.state.host).toBeNull();
  });
});
