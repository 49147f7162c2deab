import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listMachines } from '../../src/db/machines.ts';
import { listSoftware } from '../../src/db/software.ts';
import { createHyphenBlindDatabase, createTestDatabase, DIALECTS } from '../support/databases.ts';
import { addCustomer, createFleetDatabase, type FleetDatabase } from '../support/fleet-data.ts';
import { insertInstance } from '../support/fleet-rows.ts';
import { T0 } from '../support/instance-model.ts';

/** In the order of their bytes; a usual locale has `pc1` before `pc-2`. */
const MACHINES = ['pc-1', 'pc-10', 'pc-2', 'pc1', 'pc10', 'pca'];

const DATABASES = DIALECTS.map((dialect) => ({
  dialect,
  create: () => (dialect === 'sqlite' ? createTestDatabase(dialect) : createHyphenBlindDatabase()),
}));

describe.each(DATABASES)('the order of keys on $dialect, whatever its locale', (each) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(each.dialect, each.create);
    await addCustomer(fleet.db, 'acme');
    for (const machine of MACHINES) {
      await insertInstance(fleet.db, `acme/${machine}/app`, { seenAtMs: T0, status: 'error' });
    }
  });

  afterAll(() => fleet.drop());

  it.each([
    { name: 'machines', list: listMachines },
    { name: 'software', list: listSoftware },
  ])('is that of their bytes, so that pages of $name leave nothing out', async ({ list }) => {
    for (const health of [undefined, ['red'] as const]) {
      const shown: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list(fleet.db, { health, nowMs: T0 }, { limit: 1, cursor });
        shown.push(...page.items.map(({ machine }) => machine));
        cursor = page.next_cursor ?? undefined;
      } while (cursor && shown.length <= MACHINES.length);
      expect(shown).toEqual(MACHINES);
    }
  });
});
