import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitBatch } from '../../src/ingest/commit.ts';
import type { IngestRequest } from '../../src/ingest/request.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
} from '../support/fleet-data.ts';
import { MINUTE, SECOND, T0 } from '../support/instance-model.ts';

type Report = [receivedMs: number, code: number, severity: number, ageSeconds?: number];

/** A late warning of code 1, an hour in which codes 1 and 2 flap, and another late warning in it. */
const FLAPPING: Report[] = [
  [0, 9, 0],
  [0, 1, 1, 600],
  // The hour begins with the first closing.
  [10 * SECOND, 2, 2],
  [20 * SECOND, 2, 0],
  ...Array.from({ length: 22 }, (_, turn): Report[] => [
    [(1 + turn) * MINUTE, 1, 2],
    [(1 + turn) * MINUTE + SECOND, 1, 0],
    [(1 + turn) * MINUTE + 2 * SECOND, 2, 2],
    [(1 + turn) * MINUTE + 3 * SECOND, 2, 0],
  ]).flat(),
  [40 * MINUTE, 1, 1, 1500],
];

const BEFORE_MERGING = 4 + 4 * 9;

for (const dialect of DIALECTS) {
  describe(`the history of a flapping hour on ${dialect}`, () => {
    let fleet: FleetDatabase;

    beforeAll(async () => {
      fleet = await createFleetDatabase(dialect);
    });
    afterAll(() => fleet.drop());

    async function tell(customer: string, batches: readonly number[]): Promise<object[]> {
      const { token } = await addToken(fleet.db, await addCustomer(fleet.db, customer));
      const requests = FLAPPING.map(([receivedMs, code, severity, age_seconds]): IngestRequest => {
        const payload = { items: [{ code, severity, message: '' }], age_seconds };
        const receivedAtMs = T0 + receivedMs;
        const path = `${customer}/press-1/line-control`;
        return buildRequest(token, 'diagnostics', { path, payload, receivedAtMs });
      });
      const context = createContext(fleet.db);
      for (const size of batches) await commitBatch(context, requests.splice(0, size));
      return await fleet.db
        .selectFrom('diagnostic_history')
        .select(['code', 'severity', 'count', 'episodes', 'opened_at', 'closed_at', 'closed_by'])
        .where('customer', '=', customer)
        .orderBy('opened_at')
        .execute();
    }

    it('has a late warning joined to the one before the hour, whether or not the hour is merged in the same batch', async () => {
      const history = await tell(
        'one-by-one',
        FLAPPING.map(() => 1),
      );
      expect(history).toMatchObject([
        { code: 1, severity: 1, count: 2, episodes: 1, closed_by: 'late' },
        { code: 2, severity: 2, count: 1, episodes: 1, closed_by: 'device' },
        { code: 2, severity: 2, count: 44, episodes: 44 },
      ]);
      // The hour is merged at its 21st closing: here in the batch that brings the late warning.
      expect(await tell('at-once', [BEFORE_MERGING, FLAPPING.length])).toEqual(history);
    });
  });
}
