import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/db/schema.ts';
import type { CommitContext } from '../../../src/ingest/commit.ts';
import { Memory } from '../../../src/ingest/memory/memory.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
  reasonOf,
} from '../../support/fleet-data.ts';
import { T0 } from '../../support/instance-model.ts';

const MINUTE_MS = 60_000;

describe('what the writer remembers of tokens', () => {
  let fleet: FleetDatabase;
  let operator: Kysely<Database>;
  let context: CommitContext;
  let token: string;

  beforeEach(async () => {
    fleet = await createFleetDatabase('sqlite');
    operator = await fleet.connect();
    await addCustomer(fleet.db, 'my-company');
    token = (await addToken(fleet.db, 'my-company')).token;
    context = createContext(fleet.db, { memory: new Memory() });
    expect(await post()).toBe('accepted');
  });

  afterEach(() => fleet.drop());

  const post = async (receivedAtMs = T0, by = token) =>
    reasonOf(await commitOne(context, buildRequest(by, 'heartbeat', { receivedAtMs })));

  const readUse = async () =>
    (await operator.selectFrom('token_use').selectAll().executeTakeFirstOrThrow()).last_used_at;

  it('is forgotten when one is revoked', async () => {
    await operator.updateTable('token').set({ revoked_at: T0 }).execute();
    expect(await post()).toBe('token_revoked');
  });

  it('is forgotten when a customer is deactivated, and when it is activated again', async () => {
    await operator.updateTable('customer').set({ deactivated_at: T0 }).execute();
    expect(await post()).toBe('customer_inactive');
    await operator.updateTable('customer').set({ deactivated_at: null }).execute();
    expect(await post()).toBe('accepted');
  });

  it('is nothing of a token that does not exist yet', async () => {
    expect(await post(T0, 'not-yet')).toBe('token_unknown');
    const { token: created } = await addToken(operator, 'my-company');
    expect(await post(T0, created)).toBe('accepted');
  });

  it('holds when it was last used, so that this is written once a minute', async () => {
    expect(await post(T0 + MINUTE_MS)).toBe('accepted');
    expect(await readUse()).toBe(T0 + MINUTE_MS);
    expect(await post(T0 + MINUTE_MS + 1)).toBe('accepted');
    expect(await readUse()).toBe(T0 + MINUTE_MS);
    expect(await post(T0 + 2 * MINUTE_MS)).toBe('accepted');
    expect(await readUse()).toBe(T0 + 2 * MINUTE_MS);
  });
});
