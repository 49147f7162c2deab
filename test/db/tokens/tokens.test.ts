import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAudit } from '../../../src/db/audit.ts';
import { inTransaction } from '../../../src/db/change.ts';
import type { Database } from '../../../src/db/schema.ts';
import { listMachinesOfToken } from '../../../src/db/tokens/machines.ts';
import { createToken, getToken, listTokens, revokeToken } from '../../../src/db/tokens/tokens.ts';
import { hashToken, hasValidChecksum, readTokenId } from '../../../src/domain/tokens/token.ts';
import { inTurn, openTwice } from '../../support/connections.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../../support/databases.ts';
import { insertCustomers, insertInstance } from '../../support/fleet-rows.ts';

const NOW_MS = 100_000;

describe.each(DIALECTS)('tokens on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;
  let other: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    [db, other] = await openTwice(database.url);
    await insertCustomers(db, ['owner', 'neighbour'], { deactivated: ['gone'] });
  });

  beforeEach(async () => {
    for (const table of ['token_use', 'token', 'audit', 'instance', 'machine'] as const) {
      await db.deleteFrom(table).execute();
    }
  });

  afterAll(async () => {
    await other.destroy();
    await db.destroy();
    await database.drop();
  });

  const create = (
    customer: string,
    { name = null, expiresAtMs = null, nowMs = NOW_MS }: Partial<Wanted> = {},
  ) =>
    inTransaction(db, (trx) =>
      createToken(trx, { customer, name, expiresAtMs }, { nowMs, actor: 'ada' }),
    );
  const revoke = (id: string, { on = db, nowMs = NOW_MS + 1 } = {}) =>
    inTurn(on, (trx) => revokeToken(trx, id, { nowMs, actor: 'grace' }));
  const idsOf = async (filter: Omit<Parameters<typeof listTokens>[1], 'nowMs'> = {}) =>
    (await listTokens(db, { ...filter, nowMs: NOW_MS })).items.map(({ id }) => id);

  it('creates a token and stores nothing of it but its hash', async () => {
    const created = await create('owner', { name: 'line 3', expiresAtMs: 200_000 });
    expect(hasValidChecksum(created.token)).toBe(true);
    expect(readTokenId(created.token)).toBe(created.id);
    const row = await db.selectFrom('token').selectAll().executeTakeFirstOrThrow();
    expect({ ...row, secret_hash: Buffer.from(row.secret_hash) }).toEqual({
      ...{ id: created.id, customer: 'owner', name: 'line 3', replaces: null, revoked_at: null },
      ...{ created_at: NOW_MS, expires_at: 200_000, secret_hash: hashToken(created.token) },
    });
  });

  it('audits who created and revoked a token, and never its secret', async () => {
    const { id, token } = await create('owner', { name: 'line 3' });
    await revoke(id);
    const { items } = await listAudit(db, { customer: 'owner' }, {});
    expect(items).toMatchObject([
      { actor: 'grace', action: 'token revoke', subject: id, detail: null },
      { actor: 'ada', action: 'token create', detail: '{"name":"line 3","expires_at":null}' },
    ]);
    const secret = token.slice(-38);
    expect(JSON.stringify(items)).not.toContain(secret);
    expect(JSON.stringify(items)).not.toContain(hashToken(token).toString('hex'));
  });

  it('leaves neither token nor audit entry where the transaction fails', async () => {
    const failing = inTransaction(db, async (trx) => {
      const input = { customer: 'owner', name: null, expiresAtMs: null };
      await createToken(trx, input, { nowMs: NOW_MS, actor: 'ada' });
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await idsOf({ includeEnded: true })).toEqual([]);
    expect((await listAudit(db, {}, {})).items).toEqual([]);
  });

  it.each([
    ['ownr', 'not_found', /did you mean owner\?/],
    ['gone', 'conflict', /gone is deactivated/],
  ])('refuses a token for %s', async (customer, code, message) => {
    await expect(create(customer)).rejects.toMatchObject({ code, message });
  });

  it('refuses a name that is too long', async () => {
    const name = 'x'.repeat(201);
    await expect(create('owner', { name })).rejects.toMatchObject({ code: 'usage' });
  });

  it('revokes a token once; what follows changes nothing', async () => {
    const { id } = await create('owner');
    const first = await revoke(id);
    expect(first).toMatchObject({ revoked: true, token: { revoked_at: NOW_MS + 1 } });
    const again = await revoke(id, { nowMs: NOW_MS + 99 });
    expect(again).toEqual({ token: first.token, revoked: false });
    expect((await listAudit(db, {}, {})).items).toHaveLength(2);
  });

  it('lets one of two revocations at once be the one', async () => {
    const { id } = await create('owner');
    const results = await Promise.all([revoke(id), revoke(id, { on: other })]);
    expect(results.filter(({ revoked }) => revoked)).toHaveLength(1);
    expect((await listAudit(db, {}, {})).items).toHaveLength(2);
  });

  it('suggests the id that was probably meant', async () => {
    const { id } = await create('owner');
    const message = new RegExp(`did you mean ${id}\\?`);
    const mistyped = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
    await expect(getToken(db, mistyped)).rejects.toMatchObject({ code: 'not_found', message });
    await expect(revoke(mistyped)).rejects.toMatchObject({ code: 'not_found', message });
  });

  it('lists what works, and on demand also what is revoked or expired', async () => {
    const endless = await create('owner', { nowMs: 1 });
    const expired = await create('owner', { nowMs: 2, expiresAtMs: NOW_MS });
    const lasting = await create('owner', { nowMs: 3, expiresAtMs: NOW_MS + 1 });
    const revoked = await create('owner', { nowMs: 4 });
    const foreign = await create('neighbour', { nowMs: 5 });
    await revoke(revoked.id);
    expect(await idsOf({ customer: 'owner' })).toEqual([endless.id, lasting.id]);
    expect(await idsOf({ customer: 'owner', includeEnded: true })).toEqual(
      [endless, expired, lasting, revoked].map(({ id }) => id),
    );
    expect(await idsOf()).toEqual([foreign.id, endless.id, lasting.id]);
  });

  it('lists what expires before an instant', async () => {
    await create('owner');
    await create('owner', { expiresAtMs: NOW_MS - 1 });
    const soon = await create('owner', { expiresAtMs: NOW_MS + 10 });
    await create('owner', { expiresAtMs: NOW_MS + 20 });
    expect(await idsOf({ expiringBefore: NOW_MS + 20 })).toEqual([soon.id]);
  });

  it('goes on where a page ended, also among tokens of the same moment', async () => {
    for (let count = 0; count < 5; count += 1) await create('owner');
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listTokens(db, { nowMs: NOW_MS }, { limit: 2, cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(ids).toEqual(await idsOf());
    expect(new Set(ids).size).toBe(5);
  });

  it('gives the last use of a token, and never its hash', async () => {
    const { id } = await create('owner');
    expect(await getToken(db, id)).toMatchObject({ last_used_at: null, last_used_address: null });
    await db
      .insertInto('token_use')
      .values({ customer: 'owner', token_id: id, last_used_at: 7, last_used_address: '10.0.0.5' })
      .execute();
    const token = await getToken(db, id);
    expect(token).toMatchObject({ last_used_at: 7, last_used_address: '10.0.0.5' });
    expect(token).not.toHaveProperty('secret_hash');
    expect((await listTokens(db, { nowMs: NOW_MS })).items).toEqual([token]);
  });

  it('names each machine that speaks with a token once', async () => {
    const { id } = await create('owner');
    await insertInstance(db, 'owner/pc-2/app', { token_id: id });
    await insertInstance(db, 'owner/pc-1/app', { token_id: id });
    await insertInstance(db, 'owner/pc-1/agent', { token_id: id });
    await insertInstance(db, 'owner/pc-3/app', { token_id: 'otherone' });
    expect(await listMachinesOfToken(db, { id, customer: 'owner' })).toEqual(['pc-1', 'pc-2']);
  });
});

interface Wanted {
  name: string | null;
  expiresAtMs: number | null;
  nowMs: number;
}
