/** The customers of the demo and their tokens, made as the command line makes them. */
import type { Kysely, Transaction } from 'kysely';
import { type Change, inTransaction } from '../db/change.ts';
import { createCustomer, updateCustomer } from '../db/customers/changes.ts';
import type { Database } from '../db/schema.ts';
import { createToken, revokeToken } from '../db/tokens/tokens.ts';
import { generateToken } from '../domain/tokens/token.ts';
import type { Device, DevicePath } from './fleet.ts';
import type { Pace } from './pace.ts';
import { CUSTOMERS } from './scenario/customers.ts';
import { type Credential, FAULTS, type Fault } from './scenario/faults.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Before the first heartbeat of the past. */
const CREATED_BEFORE_MS = 8 * DAY_MS;
/** When the tokens ended that ended; a while after it the device was overdue. */
const EXPIRED_BEFORE_MS = 60 * MINUTE_MS;
const REVOKED_BEFORE_MS = 22 * MINUTE_MS;
/**
 * While the past is sent: a few heartbeats stand for days, and the silence between them is none. What
 * was an outage follows from the limit of today.
 */
const PAST_OVERDUE_MS = 30 * DAY_MS;

/** The token with which each device speaks; null for one that has none. */
export interface Credentials {
  ofCustomer: ReadonlyMap<string, string>;
  ofDevice: ReadonlyMap<Device, string | null>;
}

type Issue = (path: DevicePath, customerToken: string) => Promise<string | null>;

/** Creates the customers, and a token for each of them and each device that should have one of its own. */
export async function createCustomers(
  db: Kysely<Database>,
  devices: readonly Device[],
  { nowMs, actor }: Change,
): Promise<Credentials> {
  return await inTransaction(db, async (trx) => {
    const change = { actor, nowMs: nowMs - CREATED_BEFORE_MS };
    const ofCustomer = new Map<string, string>();
    for (const { slug, name, email, phone, parent, tokenDays } of CUSTOMERS) {
      const settings = { name, email, phone, parent, overdueAfterMs: PAST_OVERDUE_MS };
      await createCustomer(trx, { slug, ...settings }, change);
      const expiresAtMs = tokenDays === null ? null : nowMs + tokenDays * DAY_MS;
      const input = { customer: slug, name: 'plant network', expiresAtMs };
      ofCustomer.set(slug, (await createToken(trx, input, change)).token);
    }
    const issue = listIssues(trx, { nowMs, actor });
    const ofDevice = new Map<Device, string | null>();
    for (const device of devices) {
      const customerToken = ofCustomer.get(device.path.customer) ?? '';
      const credential = findFault(device)?.credential;
      if (credential) ofDevice.set(device, await issue[credential](device.path, customerToken));
    }
    return { ofCustomer, ofDevice };
  });
}

/** Gives the customers the overdue limit by which the present is judged. */
export async function shortenLimits(
  db: Kysely<Database>,
  { overdueMs }: Pace,
  change: Change,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const { slug } of CUSTOMERS) {
      await updateCustomer(trx, { slug, overdueAfterMs: overdueMs }, change);
    }
  });
}

/** Returns what is wrong with a device; undefined where nothing is. */
export function findFault({ behaviour }: Device): Fault | undefined {
  return behaviour.fault && FAULTS[behaviour.fault];
}

function listIssues(
  trx: Transaction<Database>,
  { nowMs, actor }: Change,
): Record<Credential, Issue> {
  const created = { actor, nowMs: nowMs - CREATED_BEFORE_MS };
  const revoked = { actor, nowMs: nowMs - REVOKED_BEFORE_MS };
  const create = ({ customer, machine }: DevicePath, expiresAtMs: number | null) =>
    createToken(trx, { customer, name: machine, expiresAtMs }, created);
  return {
    expired: async (path) => (await create(path, nowMs - EXPIRED_BEFORE_MS)).token,
    revoked: async (path) => {
      const { id, token } = await create(path, null);
      await revokeToken(trx, id, revoked);
      return token;
    },
    cut_off: async (_path, customerToken) => customerToken.slice(0, 32),
    of_another_server: async () => generateToken().token,
    none: async () => null,
  };
}
