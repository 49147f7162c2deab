import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAudit } from '../../../src/db/audit.ts';
import { type Change, inTransaction } from '../../../src/db/change.ts';
import {
  activateCustomer,
  createCustomer,
  deactivateCustomer,
  type NewCustomerInput,
  updateCustomer,
} from '../../../src/db/customers/changes.ts';
import {
  countCustomers,
  countOf,
  getCustomer,
  listCustomers,
} from '../../../src/db/customers/customers.ts';
import type { Database } from '../../../src/db/schema.ts';
import { inTurn, openTwice } from '../../support/connections.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';

const CHANGE: Change = { nowMs: 1_000, actor: 'ada' };
const LATER: Change = { nowMs: 2_000, actor: 'grace' };

describe.each(DIALECTS)('customers on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;
  let other: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    [db, other] = await openTwice(database.url);
  });

  beforeEach(async () => {
    await db.updateTable('customer').set({ parent: null }).execute();
    await db.deleteFrom('customer').execute();
    await db.deleteFrom('audit').execute();
  });

  afterAll(async () => {
    await other.destroy();
    await db.destroy();
    await database.drop();
  });

  const create = (input: NewCustomerInput & { ifNotExists?: boolean }, change = CHANGE) =>
    inTransaction(db, (trx) => createCustomer(trx, input, change));
  const update = (input: NewCustomerInput, { on = db } = {}) =>
    inTurn(on, (trx) => updateCustomer(trx, input, LATER));
  const deactivate = (slug: string, recursive = false) =>
    inTransaction(db, (trx) => deactivateCustomer(trx, { slug, recursive }, LATER));
  const activate = (slug: string) =>
    inTransaction(db, (trx) => activateCustomer(trx, { slug }, LATER));
  const audited = async () =>
    (await listAudit(db, {}, {})).items.map(({ action, subject }) => `${action} ${subject}`).sort();
  const createTree = async () => {
    await create({ slug: 'top' });
    await create({ slug: 'middle', parent: 'top' });
    await create({ slug: 'bottom', parent: 'middle' });
    await create({ slug: 'stranger' });
  };

  it('creates a customer that is called like its slug, without settings of its own', async () => {
    const { customer, created } = await create({ slug: 'alpha' });
    expect({ customer, created }).toEqual({
      customer: {
        ...{ slug: 'alpha', name: 'alpha', email: null, phone: null, parent: null },
        ...{ overdue_after_ms: null, machine_limit: null, created_at: 1_000, deactivated_at: null },
      },
      created: true,
    });
    expect(await getCustomer(db, 'alpha')).toEqual(customer);
  });

  it('refuses a second customer of the same slug, and leaves the first as it was', async () => {
    await create({ slug: 'alpha', name: 'Alpha' });
    await expect(create({ slug: 'alpha', name: 'Other' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'The customer alpha exists already.',
    });
    expect(await getCustomer(db, 'alpha')).toMatchObject({ name: 'Alpha' });
    expect(await audited()).toEqual(['customer create alpha']);
  });

  it('takes an identical customer for the one that was wanted, and audits nothing', async () => {
    const input = { slug: 'alpha', name: 'Alpha', overdueAfterMs: 60_000, machineLimit: 5 };
    const first = await create(input);
    const second = await create({ ...input, ifNotExists: true }, LATER);
    expect(second).toEqual({ customer: first.customer, created: false });
    expect(await audited()).toEqual(['customer create alpha']);
  });

  it('names what differs, in the words of the flags', async () => {
    await create({ slug: 'alpha', name: 'Alpha', email: 'a@example.com' });
    const wanted = { slug: 'alpha', name: 'Alpha', email: 'b@example.com', overdueAfterMs: 60_000 };
    await expect(create({ ...wanted, ifNotExists: true })).rejects.toMatchObject({
      code: 'conflict',
      message: 'The customer alpha exists and differs in: email, overdue-after.',
    });
  });

  it('creates a customer once, however many ask for it at the same time', async () => {
    const input = { slug: 'alpha', ifNotExists: true };
    const results = await Promise.all(
      [db, other, db, other].map((each) =>
        inTurn(each, (trx) => createCustomer(trx, input, CHANGE)),
      ),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await audited()).toEqual(['customer create alpha']);
  });

  it.each([
    [{ slug: 'My Company' }, /is not a slug/],
    [{ slug: 'alpha', name: ' ' }, /name must have/],
    [{ slug: 'alpha', email: 'nobody' }, /e-mail/],
    [{ slug: 'alpha', phone: 'call me' }, /phone/],
    [{ slug: 'alpha', overdueAfterMs: 1_000 }, /between 10s and 400d/],
    [{ slug: 'alpha', machineLimit: 0 }, /machine limit/],
  ])('refuses %j', async (input, message) => {
    await expect(create(input)).rejects.toMatchObject({ code: 'usage', message });
    expect(await audited()).toEqual([]);
  });

  it('changes what is given and leaves the rest', async () => {
    await create({ slug: 'alpha', email: 'a@example.com', machineLimit: 5 });
    const changed = await update({ slug: 'alpha', name: 'Alpha', machineLimit: null });
    expect(changed).toMatchObject({ name: 'Alpha', email: 'a@example.com', machine_limit: null });
    expect(await getCustomer(db, 'alpha')).toEqual(changed);
    const { items } = await listAudit(db, {}, { limit: 1 });
    expect(items).toEqual([
      {
        ...{ id: expect.any(String), at: 2_000, actor: 'grace', action: 'customer update' },
        ...{ customer: 'alpha', subject: 'alpha', detail: '{"name":"Alpha","machine_limit":null}' },
      },
    ]);
  });

  it('audits no change that changes nothing', async () => {
    await create({ slug: 'alpha', name: 'Alpha' });
    await update({ slug: 'alpha', name: 'Alpha', email: null });
    expect(await audited()).toEqual(['customer create alpha']);
  });

  it('suggests the customer that was probably meant', async () => {
    await create({ slug: 'alpha' });
    const error = { code: 'not_found', message: /did you mean alpha\?/ };
    await expect(update({ slug: 'alhpa', name: 'x' })).rejects.toMatchObject(error);
    await expect(create({ slug: 'beta', parent: 'alhpa' })).rejects.toMatchObject(error);
    await expect(deactivate('alhpa')).rejects.toMatchObject(error);
    await expect(activate('alhpa')).rejects.toMatchObject(error);
    await expect(getCustomer(db, 'alhpa')).rejects.toMatchObject(error);
  });

  it.each([
    ['top', 'top'],
    ['top', 'middle'],
    ['top', 'bottom'],
  ])('refuses to move %s below %s', async (slug, parent) => {
    await createTree();
    await expect(update({ slug, parent })).rejects.toMatchObject({ code: 'conflict' });
    expect((await getCustomer(db, slug)).parent).toBeNull();
  });

  it('moves a customer with all below it, and out again', async () => {
    await createTree();
    await update({ slug: 'middle', parent: 'stranger' });
    expect(await countOf(db, { slug: 'stranger', nowMs: 0 })).toMatchObject({
      children: ['middle'],
    });
    await update({ slug: 'top', parent: 'bottom' });
    await update({ slug: 'middle', parent: null });
    expect((await getCustomer(db, 'middle')).parent).toBeNull();
  });

  it('lets one of two moves at once that would make a circle fail', async () => {
    for (let round = 0; round < 10; round += 1) {
      await db.updateTable('customer').set({ parent: null }).execute();
      await db.deleteFrom('customer').execute();
      await createTree();
      await create({ slug: 'left', parent: 'top' });
      const moves = await Promise.allSettled([
        update({ slug: 'left', parent: 'bottom' }),
        update({ slug: 'middle', parent: 'left' }, { on: other }),
      ]);
      const failed = moves.filter((move) => move.status === 'rejected');
      expect(failed.map(({ reason }) => reason.code)).toEqual(['conflict']);
    }
  });

  it('deactivates one customer and names the active ones below it', async () => {
    await createTree();
    const result = await deactivate('top');
    expect(result).toMatchObject({ deactivated: ['top'], activeChildren: ['bottom', 'middle'] });
    expect(result.customer).toEqual(await getCustomer(db, 'top'));
    expect(await countCustomers(db, {})).toBe(3);
    expect(await countCustomers(db, { includeDeactivated: true })).toBe(4);
  });

  it('deactivates all that is active below with it, and audits each', async () => {
    await createTree();
    await deactivate('middle');
    const result = await deactivate('top', true);
    expect(result).toMatchObject({ deactivated: ['bottom', 'top'], activeChildren: [] });
    expect((await listCustomers(db)).items.map(({ slug }) => slug)).toEqual(['stranger']);
    expect((await audited()).filter((each) => each.startsWith('customer deactivate'))).toEqual([
      'customer deactivate bottom',
      'customer deactivate middle',
      'customer deactivate top',
    ]);
  });

  it('keeps the first instant of a deactivation that is repeated', async () => {
    await create({ slug: 'alpha' });
    await deactivate('alpha');
    const again = await inTransaction(db, (trx) =>
      deactivateCustomer(trx, { slug: 'alpha' }, { nowMs: 9_000, actor: 'ada' }),
    );
    expect(again).toMatchObject({ customer: { deactivated_at: 2_000 }, deactivated: [] });
  });

  it('activates one customer again, and audits it once', async () => {
    await createTree();
    await deactivate('top', true);
    const { customer, activated, inactiveChildren } = await activate('top');
    expect(customer).toEqual(await getCustomer(db, 'top'));
    expect(activated).toBe(true);
    expect(inactiveChildren).toEqual(['bottom', 'middle']);
    expect(await activate('top')).toMatchObject({ activated: false });
    expect((await getCustomer(db, 'middle')).deactivated_at).toBe(2_000);
    expect((await audited()).filter((each) => each === 'customer activate top')).toHaveLength(1);
  });

  it('leaves no audit entry of a change that was rolled back', async () => {
    const failing = inTransaction(db, async (trx) => {
      await createCustomer(trx, { slug: 'alpha' }, CHANGE);
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await audited()).toEqual([]);
    expect(await countCustomers(db, { includeDeactivated: true })).toBe(0);
  });

  it('goes on where a page ended', async () => {
    await createTree();
    const first = await listCustomers(db, {}, { limit: 3 });
    const rest = await listCustomers(db, {}, { limit: 3, cursor: first.next_cursor ?? undefined });
    expect([...first.items, ...rest.items]).toEqual((await listCustomers(db)).items);
    expect(rest.next_cursor).toBeNull();
  });
});
