import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOutChange } from '../../../src/dashboard/data/changes.ts';
import type { ChangeName, InputOf } from '../../../src/dashboard/data/requests.ts';
import { hashToken } from '../../../src/domain/tokens/token.ts';
import { DIALECTS } from '../../support/databases.ts';
import {
  addCustomer,
  addToken,
  createFleetDatabase,
  type FleetDatabase,
} from '../../support/fleet-data.ts';
import { insertDiagnostics, insertInstance } from '../../support/fleet-rows.ts';
import { DAY, T0 } from '../../support/instance-model.ts';
import { dumpAll } from '../../support/whole-fleet.ts';

const PATH = { customer: 'acme', machine: 'pc-1', software: 'app' };

describe.each(DIALECTS)('the changes of the dashboard on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    await addCustomer(fleet.db, 'acme');
    await addCustomer(fleet.db, 'closed', { deactivated_at: T0 });
    await insertInstance(fleet.db, 'acme/pc-1/app', { open_errors: 1, worst_code: 17 });
    await insertDiagnostics(fleet.db, 'acme/pc-1/app', [{ code: 17, severity: 2 }]);
  });
  afterAll(() => fleet.drop());

  const change = <Name extends ChangeName>(name: Name, input: InputOf<Name>) =>
    carryOutChange(name, input, { open: fleet.connect, actor: 'kim', clock: () => T0 });

  /** The newest entries of the audit trail, by whom and of what. */
  async function audited(action: string) {
    const query = fleet.db.selectFrom('audit').select(['actor', 'customer', 'subject']);
    return await query.where('action', '=', action).execute();
  }

  const find = (slug: string) =>
    fleet.db.selectFrom('customer').selectAll().where('slug', '=', slug).executeTakeFirst();

  it('creates a customer, and notes who did', async () => {
    const created = await change('customer create', { slug: 'new-one', email: 'a@b.example' });
    expect(created.slug).toBe('new-one');
    expect(await find('new-one')).toMatchObject({ name: 'new-one', email: 'a@b.example' });
    expect(await audited('customer create')).toMatchObject([{ actor: 'kim', customer: 'new-one' }]);
  });

  it('changes a customer', async () => {
    await change('customer update', { slug: 'acme', name: 'Acme Ltd', machineLimit: 7 });
    expect(await find('acme')).toMatchObject({ name: 'Acme Ltd', machine_limit: 7 });
  });

  it('deactivates a customer and activates it again', async () => {
    await addCustomer(fleet.db, 'parent');
    await addCustomer(fleet.db, 'child', { parent: 'parent' });
    const input = { slug: 'parent', recursive: false };
    expect(await change('customer deactivate', input)).toMatchObject({ activeChildren: ['child'] });
    expect((await find('parent'))?.deactivated_at).toBe(T0);
    await change('customer activate', { slug: 'parent' });
    expect((await find('parent'))?.deactivated_at).toBeNull();
  });

  it('creates a token that works, and stores the secret nowhere', async () => {
    const input = { customer: 'acme', name: 'gateways', expiresAtMs: T0 + DAY };
    const { id, token } = await change('token create', input);
    const row = await fleet.db
      .selectFrom('token')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ customer: 'acme', name: 'gateways', expires_at: T0 + DAY });
    expect(Buffer.from(row.secret_hash)).toEqual(hashToken(token));
    expect(JSON.stringify(await dumpAll(fleet.db))).not.toContain(token);
    expect(await audited('token create')).toMatchObject([{ actor: 'kim', subject: id }]);
  });

  it('rotates a token, and the old one ends after the overlap', async () => {
    const { id } = await addToken(fleet.db, 'acme');
    const { created, oldEndsAtMs } = await change('token rotate', { id, overlapMs: DAY });
    expect([created.replaces, oldEndsAtMs]).toEqual([id, T0 + DAY]);
  });

  it('revokes a token, and says where it was revoked before', async () => {
    const { id } = await addToken(fleet.db, 'acme');
    expect(await change('token revoke', { id })).toEqual({ revoked: true });
    expect(await change('token revoke', { id })).toEqual({ revoked: false });
  });

  it('acknowledges a diagnostic with a note, and closes it', async () => {
    const mark = { path: PATH, code: 17, module: '' };
    const seen = await change('diagnostics ack', { ...mark, note: 'on it' });
    expect(seen).toMatchObject({ changed: true });
    const row = await fleet.db.selectFrom('diagnostic').selectAll().executeTakeFirst();
    expect(row).toMatchObject({ acknowledged_by: 'kim', note: 'on it' });
    expect(await change('diagnostics close', mark)).toMatchObject({ changed: true });
  });

  it.each([
    ['a customer that is there already', 'customer create', { slug: 'acme' }, /acme/],
    [
      'a customer below one that is not there',
      'customer create',
      { slug: 'b', parent: 'no' },
      /no/,
    ],
    ['a customer of no name', 'customer update', { slug: 'acme', name: '' }, /characters/],
    ['a customer that is not there', 'customer update', { slug: 'nobody', name: 'x' }, /nobody/],
    [
      'a token of nobody',
      'token create',
      { customer: 'nobody', name: null, expiresAtMs: null },
      /nobody/,
    ],
    [
      'a token of one that is deactivated',
      'token create',
      { customer: 'closed', name: null, expiresAtMs: null },
      /closed/,
    ],
    ['a token that is not there', 'token revoke', { id: 'nothing1' }, /nothing1/],
    [
      'a diagnostic that is not open',
      'diagnostics ack',
      { path: PATH, code: 99, module: '' },
      /99/,
    ],
  ] as const)('refuses %s, and leaves nothing behind', async (_, name, input, told) => {
    const before = await dumpAll(fleet.db);
    await expect(change(name, input as never)).rejects.toThrow(told);
    expect(await dumpAll(fleet.db)).toEqual(before);
  });
});
