import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listUnobserved, NODE_SILENCE_MS } from '../../src/db/nodes.ts';
import { NodeLog } from '../../src/ingest/node-log.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
} from '../support/fleet-data.ts';
import { HOUR, MINUTE, SECOND, T0 } from '../support/instance-model.ts';

for (const dialect of DIALECTS) {
  describe(`what nodes note of themselves on ${dialect}`, () => {
    let fleet: FleetDatabase;
    let notices: string[];
    /** How far the clock was set apart from the one that nobody sets. */
    let setByMs: number;
    let nowMs: number;

    beforeAll(async () => {
      fleet = await createFleetDatabase(dialect);
    });
    afterAll(() => fleet.drop());
    beforeEach(async () => {
      await fleet.db.deleteFrom('node').execute();
      await fleet.db.deleteFrom('unobserved').execute();
      [notices, setByMs, nowMs] = [[], 0, T0];
    });

    const start = (node: string) =>
      NodeLog.start(fleet.db, {
        node,
        startedAtMs: nowMs,
        overdueAfterMs: 300_000,
        monotonic: () => nowMs - setByMs,
        onNotice: (sentence) => notices.push(sentence),
      });
    const touch = async (log: NodeLog) => {
      (await fleet.db.transaction().execute((trx) => log.touch(trx, nowMs)))();
    };
    const listTimes = async () =>
      (await listUnobserved(fleet.db)).map((each) => [each.started_at - T0, each.ended_at - T0]);
    const readNode = (node: string) =>
      fleet.db.selectFrom('node').selectAll().where('node', '=', node).executeTakeFirst();

    it('the first node ever finds nothing that was not observed', async () => {
      await start('a');
      expect(await listTimes()).toEqual([]);
      expect(await readNode('a')).toMatchObject({ listening_since: T0, stopped_at: null });
    });

    it('a second node beside one that is idle invents no break', async () => {
      await start('a');
      nowMs += NODE_SILENCE_MS;
      await start('b');
      expect(await listTimes()).toEqual([]);
    });

    it('time between a clean stop and the next start was not observed, however short', async () => {
      const log = await start('a');
      nowMs += 5 * SECOND;
      await log.stop(fleet.db, nowMs);
      nowMs += 2 * SECOND;
      await start('a');
      expect(await listTimes()).toEqual([[5 * SECOND, 7 * SECOND]]);
    });

    it('time since the last sign of life of a node that was killed was not observed', async () => {
      await touch(await start('a'));
      nowMs += NODE_SILENCE_MS + 1;
      await start('a');
      expect(await listTimes()).toEqual([[0, NODE_SILENCE_MS + 1]]);
    });

    it('a server that restarts in a loop makes one row', async () => {
      for (let turn = 0; turn < 5; turn++) {
        const log = await start('a');
        nowMs += 3 * SECOND;
        await log.stop(fleet.db, nowMs);
        nowMs += 5 * SECOND;
      }
      expect(await listTimes()).toEqual([[3 * SECOND, 32 * SECOND]]);
    });

    it('a second start under the name of a running node does not make it look stopped', async () => {
      const running = await start('a');
      nowMs += SECOND;
      await (await start('a')).stop(fleet.db, nowMs);
      expect(await readNode('a')).toMatchObject({ stopped_at: nowMs });
      nowMs += 5 * SECOND;
      await touch(running);
      expect(await readNode('a')).toMatchObject({ listening_since: T0, stopped_at: null });
    });

    it('what a running node could not observe, it notes when it goes on, and says so', async () => {
      const log = await start('a');
      nowMs += 20 * MINUTE;
      await touch(log);
      expect(await listTimes()).toEqual([[0, 20 * MINUTE]]);
      expect(log.unobserved).toEqual([{ started_at: T0, ended_at: nowMs }]);
      expect(notices).toEqual(['Nothing was observed for 20 m: no device is blamed.']);
    });

    it('a node that is cut off blames nobody, and another one that lives observes', async () => {
      const cutOff = await start('a');
      const living = await start('b');
      nowMs += 20 * MINUTE - SECOND;
      await fleet.db
        .updateTable('node')
        .set({ last_alive_at: nowMs })
        .where('node', '=', 'b')
        .execute();
      nowMs += SECOND;
      await touch(cutOff);
      expect(await listTimes()).toEqual([]);
      expect(living.unobserved).toEqual([]);
    });

    it('a living node learns within a minute what another one noted', async () => {
      const log = await start('a');
      const times = { started_at: T0 - HOUR, ended_at: T0 - MINUTE };
      await fleet.db.insertInto('unobserved').values(times).execute();
      for (let seconds = 0; seconds < 60; seconds += 5) {
        nowMs += 5 * SECOND;
        await touch(log);
      }
      expect(log.unobserved).toEqual([times]);
    });

    it.each([
      ['forward', HOUR],
      ['back', -HOUR],
    ])('a clock that is set %s is told, and is no duration', async (direction, stepMs) => {
      const log = await start('a');
      nowMs += 5 * SECOND + stepMs;
      setByMs += stepMs;
      await touch(log);
      expect(notices[0]).toBe(`The clock of this machine was set ${direction} by 1 h.`);
      expect(await listTimes()).toEqual(stepMs > 0 ? [[0, 5 * SECOND + HOUR]] : []);
    });

    it('an hour of which nobody observed anything is no outage of a device', async () => {
      const { token } = await addToken(fleet.db, await addCustomer(fleet.db, `acme-${dialect}`));
      const path = `acme-${dialect}/press-1/app`;
      const clock = () => nowMs;
      const context = createContext(fleet.db, { clock, nodeLog: await start('a') });
      const beat = () =>
        commitOne(
          context,
          buildRequest(token, 'heartbeat', { path, payload: {}, receivedAtMs: nowMs }),
        );
      expect(await beat()).toMatchObject({ ok: true });
      nowMs += HOUR;
      expect(await beat()).toMatchObject({ ok: true });
      expect(await fleet.db.selectFrom('up_history').select('ended_by').execute()).toEqual([]);
      // Silence that a living node observed is the device's own.
      for (let seconds = 0; seconds < 6 * 60; seconds += 10) {
        nowMs += 10 * SECOND;
        await touch(context.nodeLog);
      }
      expect(await beat()).toMatchObject({ ok: true });
      const history = await fleet.db.selectFrom('up_history').select('ended_by').execute();
      expect(history).toEqual([{ ended_by: 'gap' }]);
    });
  });
}
