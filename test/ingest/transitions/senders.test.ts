import { describe, expect, it } from 'vitest';
import type { Heartbeat } from '../../../src/protocol/messages.ts';
import { HOUR, InstanceModel, MINUTE, T0 } from '../../support/instance-model.ts';
import { heartbeat } from '../../support/messages.ts';

/** Lets the senders speak in turn, a minute apart; each has been running since its own start. */
function takeTurns(model: InstanceModel, senders: readonly Partial<Heartbeat>[], turns: number) {
  for (let turn = 0; turn < turns; turn++) {
    const { uptimeSeconds = null, ...others } = senders[turn % senders.length] ?? {};
    const uptime = uptimeSeconds === null ? null : uptimeSeconds + turn * 60;
    model.receive(turn * MINUTE, heartbeat({ ...others, uptimeSeconds: uptime }));
  }
}

const TWO_SENDERS = [
  { told: 'start', senders: [{ uptimeSeconds: 1_000 }, { uptimeSeconds: 500 }] },
  { told: 'pid', senders: [{ pid: 1 }, { pid: 2 }] },
  { told: 'hostname', senders: [{ hostname: 'a' }, { hostname: 'b' }] },
  { told: 'start or only a pid', senders: [{ uptimeSeconds: 1_000, pid: 1 }, { pid: 2 }] },
];

describe('two senders on one path', () => {
  it.each(TWO_SENDERS)('are noticed by their $told at the second return', ({ senders }) => {
    const once = new InstanceModel();
    takeTurns(once, senders, 3);
    expect(once.row.two_senders_at).toBeNull();
    const twice = new InstanceModel();
    takeTurns(twice, senders, 4);
    expect(twice.row.two_senders_at).toBe(T0 + 3 * MINUTE);
  });

  it.each(TWO_SENDERS)('that differ in $told are at most one restart', ({ senders }) => {
    const model = new InstanceModel();
    takeTurns(model, senders, 60);
    expect(model.up.list().length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['their starts', [{ uptimeSeconds: 9_000 }, { uptimeSeconds: 5_000 }, { uptimeSeconds: 500 }]],
    ['only their pids', [{ pid: 1 }, { pid: 2 }, { pid: 3 }, { pid: 4 }, { pid: 5 }]],
  ])('or more, known by %s, make a row for each that is new and none after that', (_, senders) => {
    const model = new InstanceModel();
    takeTurns(model, senders, 120);
    expect(model.row.two_senders_at).toBe(T0 + 119 * MINUTE);
    expect(model.up.list().length).toBeLessThan(senders.length);
  });

  it('are not seen in worker processes, which share a start', () => {
    const model = new InstanceModel();
    const workers = [1, 2, 3].map((pid) => ({ uptimeSeconds: 1_000, pid }));
    takeTurns(model, workers, 30);
    expect(model.row.two_senders_at).toBeNull();
  });

  it('are not seen in a process that restarts again and again', () => {
    const model = new InstanceModel();
    for (let start = 0; start < 10; start++) {
      model.receive(start * 2 * MINUTE, heartbeat({ uptimeSeconds: 1, pid: start + 1 }));
    }
    expect(model.row.two_senders_at).toBeNull();
    expect(model.up.list()).toHaveLength(9);
  });

  it('are not seen when a former sender comes back after more than an hour', () => {
    const model = new InstanceModel();
    for (const [index, hostname] of ['a', 'b', 'a', 'b', 'a'].entries()) {
      model.receive(index * (HOUR + MINUTE), heartbeat({ hostname }));
    }
    expect(model.row.two_senders_at).toBeNull();
  });

  it('do not hide a restart of one of them', () => {
    const model = new InstanceModel();
    takeTurns(model, [{ uptimeSeconds: 1_000 }, { uptimeSeconds: 500 }], 6);
    const before = model.up.list().length;
    model.receive(6 * MINUTE, heartbeat({ uptimeSeconds: 1 }));
    expect(model.up.list()).toHaveLength(before + 1);
    expect(model.up.list().at(-1)).toMatchObject({ ended_by: 'restart' });
  });

  it('are told with the time of the last return', () => {
    const model = new InstanceModel();
    takeTurns(model, [{ hostname: 'a' }, { hostname: 'b' }], 6);
    expect(model.row.two_senders_at).toBe(T0 + 5 * MINUTE);
  });
});
