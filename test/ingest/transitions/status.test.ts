import { describe, expect, it } from 'vitest';
import { InstanceModel, MINUTE, SECOND, T0 } from '../../support/instance-model.ts';
import { heartbeat, status } from '../../support/messages.ts';

describe('status episode', () => {
  it('stays open while the word is the same, trimmed and whatever its case', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(SECOND, status(' Running '));
    model.receive(2 * SECOND, status('RUNNING'));
    expect(model.status.list()).toEqual([]);
    expect(model.row).toMatchObject({ status_since: T0, status_count: 3 });
  });

  it('shows the word as it was sent last', () => {
    const model = new InstanceModel();
    model.receive(0, status('running'));
    model.receive(SECOND, status('Running'));
    expect(model.row.status).toBe('Running');
  });

  it('ends when another word comes, which begins at that moment', () => {
    const model = new InstanceModel();
    model.receive(0, status('running', { message: 'all well' }));
    model.receive(MINUTE, status('running', { message: 'still well' }));
    model.receive(2 * MINUTE, status('error', { message: 'jam' }));
    expect(model.status.list()).toMatchObject([
      {
        ...{ started_at: T0, ended_at: T0 + 2 * MINUTE, last_at: T0 + MINUTE },
        ...{ status: 'running', message: 'still well', count: 2, episodes: 1 },
      },
    ]);
    expect(model.row).toMatchObject({ status: 'error', status_since: T0 + 2 * MINUTE });
  });

  it('keeps only the latest message, also when that is none', () => {
    const model = new InstanceModel();
    model.receive(0, status('running', { message: 'warming up' }));
    model.receive(SECOND, status('running'));
    expect(model.state.statusDetail?.message).toBeNull();
  });

  it('keeps only the latest snapshot, which a status without one leaves as it was', () => {
    const model = new InstanceModel();
    model.receive(0, status('running', { snapshot: '{"parts":1}' }));
    model.receive(SECOND, status('running', { snapshot: '{"parts":2}' }));
    model.receive(2 * SECOND, status('error'));
    expect(model.state.statusDetail?.snapshot).toBe('{"parts":2}');
  });

  it('is not touched by heartbeats', () => {
    const model = new InstanceModel();
    model.receive(0, status('stopped'));
    model.receive(MINUTE, heartbeat());
    expect(model.row).toMatchObject({ status: 'stopped', status_since: T0, status_count: 1 });
  });
});
