import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../src/db/change.ts';
import { advance, beginAnew, finish, type Place, takeUp } from '../../../src/db/copy/unfinished.ts';
import { readSchemaState } from '../../../src/db/migrations/schema-state.ts';
import { DIALECTS } from '../../support/databases.ts';
import { addCustomer, createFleetDatabase, type FleetDatabase } from '../../support/fleet-data.ts';

const START: Place = { step: 'first', after: null, rows: 0 };
const ONE: Place = { step: 'verifying', after: ['one'], rows: 0 };
const OTHER: Place = { step: 'verifying', after: ['other'], rows: 0 };
const RIVAL = { code: 'busy', message: expect.stringContaining('Another process copies') };

describe.each(DIALECTS)('an unfinished copy on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeEach(async () => {
    fleet = await createFleetDatabase(dialect);
    await inTransaction(fleet.db, (trx) => takeUp(trx, 'here', { start: START, where: 'there' }));
  });
  afterEach(() => fleet.drop());

  const move = (from: Place, to: Place) => inTransaction(fleet.db, (trx) => advance(trx, from, to));
  const restart = (from: Place) => inTransaction(fleet.db, (trx) => beginAnew(trx, from, START));
  const end = (at: Place) => inTransaction(fleet.db, (trx) => finish(trx, at));

  it('is ended only by the one whose place it is', async () => {
    await move(START, ONE);
    await move(ONE, OTHER);
    await expect(end(ONE)).rejects.toMatchObject(RIVAL);
    expect(await readSchemaState(fleet.db)).toBe('unfinished');
    await end(OTHER);
    expect(await readSchemaState(fleet.db)).toBe('current');
  });

  it('is not ended after another one began it anew', async () => {
    await move(START, ONE);
    await restart(ONE);
    await expect(end(ONE)).rejects.toMatchObject(RIVAL);
    expect(await readSchemaState(fleet.db)).toBe('unfinished');
  });

  it('is begun anew only by the one whose place it is, and else keeps its rows', async () => {
    await move(START, OTHER);
    await addCustomer(fleet.db, 'acme');
    await expect(restart(ONE)).rejects.toMatchObject(RIVAL);
    expect(await fleet.db.selectFrom('customer').select('slug').execute()).toHaveLength(1);
    await restart(OTHER);
    expect(await fleet.db.selectFrom('customer').select('slug').execute()).toEqual([]);
  });

  it('belongs to another one, too, when it was ended meanwhile', async () => {
    await end(START);
    for (const attempt of [() => move(START, ONE), () => restart(START), () => end(START)]) {
      await expect(attempt()).rejects.toMatchObject(RIVAL);
    }
  });
});
