import { describe, expect, it } from 'vitest';
import { HOUR, InstanceModel, MINUTE, SECOND, T0 } from '../../support/instance-model.ts';
import { diagnostics, heartbeat, status } from '../../support/messages.ts';

/** Changes the status every `everyMs`, `closings` times after the first word. */
function flap(model: InstanceModel, closings: number, everyMs: number): void {
  for (let change = 0; change <= closings; change++) {
    model.receive(change * everyMs, status(change % 2 === 0 ? 'running' : 'error'));
  }
}

describe('flapping', () => {
  it('begins with the 21st closing in an hour: 20 keep their rows', () => {
    const model = new InstanceModel();
    flap(model, 20, MINUTE);
    expect(model.status.list()).toHaveLength(20);
  });

  it('merges the hour into one row that keeps the sums, besides what began before it', () => {
    const model = new InstanceModel();
    flap(model, 50, MINUTE);
    const [first, merged, ...others] = model.status.list();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ started_at: T0, ended_at: T0 + MINUTE, episodes: 1 });
    expect(merged).toMatchObject({
      ...{ started_at: T0 + MINUTE, ended_at: T0 + 50 * MINUTE },
      ...{ count: 49, episodes: 49, status: 'error' },
    });
  });

  it('adds two rows an hour at most, however often the instance changes', () => {
    const model = new InstanceModel();
    flap(model, 24 * 3_600, SECOND);
    expect(model.status.list().length).toBeLessThanOrEqual(2 * 24);
    const counted = model.status.list().reduce((sum, { count }) => sum + count, 0);
    expect(counted + model.row.status_count).toBe(24 * 3_600 + 1);
  });

  it('is not a change every three minutes', () => {
    const model = new InstanceModel();
    flap(model, 100, 3 * MINUTE + 1);
    expect(model.status.list()).toHaveLength(100);
  });

  it('of restarts keeps the beats and the time that was covered', () => {
    const model = new InstanceModel();
    for (let start = 0; start < 30; start++) {
      model.receive(start * 2 * MINUTE, heartbeat({ uptimeSeconds: 0 }));
      model.receive(start * 2 * MINUTE + MINUTE, heartbeat({ uptimeSeconds: 60 }));
    }
    expect(model.up.list()).toMatchObject([
      { beats: 2, episodes: 1 },
      { beats: 56, episodes: 28, up_ms: 28 * MINUTE, ended_by: 'restart' },
    ]);
  });

  it('of one kind leaves the other kinds alone', () => {
    const model = new InstanceModel();
    for (let round = 0; round < 15; round++) {
      model.receive(round * MINUTE, status(`word-${round}`));
      model.receive(round * MINUTE, diagnostics([{ code: 1, severity: 2 }]));
      model.receive(round * MINUTE + SECOND, diagnostics([{ code: 1, severity: 0 }]));
    }
    expect(model.status.list()).toHaveLength(14);
    expect(model.diagnostic.list()).toHaveLength(15);
  });

  it('of diagnostics keeps the highest severity', () => {
    const model = new InstanceModel();
    for (let round = 0; round < 40; round++) {
      const severity = round === 10 ? 2 : 1;
      model.receive(round * MINUTE, diagnostics([{ code: round, severity }]));
      model.receive(round * MINUTE + SECOND, diagnostics([{ code: round, severity: 0 }]));
    }
    expect(model.diagnostic.list()).toMatchObject([
      { code: 0, severity: 1, episodes: 1 },
      { code: 39, severity: 2, episodes: 39, count: 39 },
    ]);
  });

  it('starts a new hour with the first closing after it', () => {
    const model = new InstanceModel();
    flap(model, 30, MINUTE);
    model.receive(HOUR + 10 * MINUTE, status('stopped'));
    model.receive(HOUR + 11 * MINUTE, status('running'));
    expect(model.status.list()).toHaveLength(4);
    expect(model.row).toMatchObject({ status_closings: 2 });
  });

  it('counts an up episode in the hour in which it ended, not in which that was noticed', () => {
    const model = new InstanceModel();
    for (let start = 0; start < 25; start++) {
      model.receive(start * MINUTE, heartbeat({ uptimeSeconds: 0 }));
    }
    model.receive(5 * HOUR, heartbeat({ uptimeSeconds: 0 }));
    expect(model.up.list()).toMatchObject([{ episodes: 25, ended_at: T0 + 24 * MINUTE }]);
  });
});
