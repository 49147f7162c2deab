import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteSequence } from '../../../src/ingest/transitions/sessions.ts';
import { InstanceModel, MINUTE, T0 } from '../../support/instance-model.ts';
import { diagnostics, heartbeat, status } from '../../support/messages.ts';

describe('session and sequence number', () => {
  it('make a repetition known, whatever its kind, and it has no effect', () => {
    const model = new InstanceModel();
    const messages = [
      heartbeat({ session: 'a', seq: 1 }),
      status('running', { session: 'a', seq: 2 }),
      diagnostics([{ code: 1, severity: 2 }], { session: 'a', seq: 3 }),
    ];
    for (const message of messages) model.receive(0, message);
    const before = model.state;
    for (const message of messages) {
      expect(model.receive(MINUTE, message).isDuplicate).toBe(true);
    }
    expect(model.state).toBe(before);
  });

  it('let a number through that is higher than the last, also with a gap', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ session: 'a', seq: 1 }));
    expect(model.receive(1, heartbeat({ session: 'a', seq: 100 })).isDuplicate).toBe(false);
    expect(model.row.beats).toBe(2);
  });

  it('let a message through that was overtaken, once', () => {
    const model = new InstanceModel();
    for (const seq of [7, 9, 8, 40]) model.receive(0, heartbeat({ session: 'a', seq }));
    expect(model.row.beats).toBe(4);
    for (const seq of [7, 8, 9, 40]) {
      const repeated = model.receive(0, heartbeat({ session: 'a', seq }));
      expect(repeated.isDuplicate, `${seq}`).toBe(true);
    }
    expect(model.receive(0, heartbeat({ session: 'a', seq: 10 })).isDuplicate).toBe(false);
    expect(model.receive(0, heartbeat({ session: 'a', seq: 6 })).isDuplicate).toBe(true);
  });

  it('accept each number once, in whatever order numbers near to each other arrive', () => {
    const orders = fc.shuffledSubarray(
      Array.from({ length: 32 }, (_, index) => index + 5),
      {
        minLength: 32,
      },
    );
    fc.assert(
      fc.property(orders, (order) => {
        let sessions: string | null = null;
        const note = (seq: number) => {
          const noted = noteSequence(sessions, { session: 'a', seq });
          ({ sessions } = noted);
          return noted.isDuplicate;
        };
        expect(order.filter(note)).toEqual([]);
        expect(order.filter(note)).toEqual(order);
      }),
    );
  });

  it('begin anew with each session, and begin at 0', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat({ session: 'a', seq: 5 }));
    expect(model.receive(1, heartbeat({ session: 'b', seq: 0 })).isDuplicate).toBe(false);
    expect(model.receive(2, heartbeat({ session: 'a', seq: 5 })).isDuplicate).toBe(true);
  });

  it('are not needed: without them every message counts', () => {
    const model = new InstanceModel();
    model.receive(0, heartbeat());
    expect(model.receive(0, heartbeat()).isDuplicate).toBe(false);
    expect(model.row).toMatchObject({ beats: 2, sessions: null, up_since: T0 });
  });

  it('are kept for the eight sessions that spoke last', () => {
    let sessions: string | null = null;
    for (const session of 'abcdefgh') ({ sessions } = noteSequence(sessions, { session, seq: 1 }));
    ({ sessions } = noteSequence(sessions, { session: 'a', seq: 2 }));
    ({ sessions } = noteSequence(sessions, { session: 'i', seq: 1 }));
    expect(noteSequence(sessions, { session: 'a', seq: 2 }).isDuplicate).toBe(true);
    expect(noteSequence(sessions, { session: 'b', seq: 1 }).isDuplicate).toBe(false);
  });
});
