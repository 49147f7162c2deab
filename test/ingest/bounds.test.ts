import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetInSteps } from '../../src/db/forget/forget.ts';
import { type ForgetLevel, listForgetTargets } from '../../src/db/forget/targets.ts';
import { DEFAULT_INGEST_LIMITS } from '../../src/ingest/limits.ts';
import type { Outcome } from '../../src/ingest/outcome.ts';
import type { IngestLimits } from '../../src/ingest/request.ts';
import type { MessageKind } from '../../src/protocol/messages.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
  reasonOf,
} from '../support/fleet-data.ts';
import { DAY, SECOND, T0 } from '../support/instance-model.ts';

const { wire } = DEFAULT_INGEST_LIMITS;

/** What a valid token can create is bounded; what exists goes on, and room that is made can be used. */
describe.each(DIALECTS)('the bounds on %s', (dialect) => {
  let fleet: FleetDatabase;
  let customers = 0;
  let customer: string;
  let limits: IngestLimits;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
  });
  afterAll(() => fleet.drop());
  beforeEach(async () => {
    limits = DEFAULT_INGEST_LIMITS;
    customer = await addCustomer(fleet.db, `customer-${++customers}`);
  });

  interface Sent {
    of?: string;
    kind?: MessageKind;
    payload?: object;
    atMs?: number;
  }

  async function sendWhole(path: string, sent: Sent = {}): Promise<Outcome> {
    const { of = customer, kind = 'heartbeat', payload = {}, atMs: receivedAtMs = T0 } = sent;
    const { token } = await addToken(fleet.db, of);
    const options = { path: `${of}/${path}`, payload, receivedAtMs };
    const context = createContext(fleet.db, { limits, clock: () => receivedAtMs });
    return await commitOne(context, buildRequest(token, kind, options));
  }

  const send = async (path: string, sent?: Sent) => reasonOf(await sendWhole(path, sent));

  async function forget(level: ForgetLevel, path: string): Promise<void> {
    const [machine, software] = path.split('/');
    const targets = await listForgetTargets(fleet.db, level, { customer, machine, software });
    const change = { nowMs: T0, actor: 'ada' };
    for await (const _ of forgetInSteps(fleet.db, { level, targets }, change));
  }

  const setMachineLimit = (machine_limit: number | null) =>
    fleet.db.updateTable('customer').set({ machine_limit }).where('slug', '=', customer).execute();

  describe('machines of a customer', () => {
    const fill = async () => {
      expect(await send('press-1/app')).toBe('accepted');
      expect(await send('press-2/app')).toBe('accepted');
    };

    it.each([
      ['the default of the server', 2, null],
      ['the limit of the customer, below that', 100, 2],
      ['the limit of the customer, above that', 1, 2],
    ])('are bounded by %s', async (_, machinesPerCustomer, machineLimit) => {
      limits = { ...limits, machinesPerCustomer };
      await setMachineLimit(machineLimit);
      await fill();
      expect(await sendWhole('press-3/app')).toMatchObject({
        reason: 'machine_limit_reached',
        detail: 'The customer has 2 machines and may have 2; press-3 is not one of them.',
      });
      expect(await send('press-1/app')).toBe('accepted');
      expect(await send('press-1/web')).toBe('accepted');
      expect(await send('press-3/app', { kind: 'status', payload: { status: 'ok' } })).toBe(
        'machine_limit_reached',
      );
    });

    it('are bounded for each customer by itself', async () => {
      limits = { ...limits, machinesPerCustomer: 2 };
      await fill();
      const other = await addCustomer(fleet.db, `${customer}-other`);
      expect(await send('press-3/app', { of: other })).toBe('accepted');
    });

    it('may be one more for each that was forgotten, or when the limit is raised', async () => {
      limits = { ...limits, machinesPerCustomer: 2 };
      await fill();
      await forget('machine', 'press-1');
      expect(await send('press-3/app')).toBe('accepted');
      expect(await send('press-1/app')).toBe('machine_limit_reached');
      await forget('software', 'press-2/app');
      expect(await send('press-1/app')).toBe('accepted');
      expect(await send('press-2/app')).toBe('machine_limit_reached');
      await setMachineLimit(3);
      expect(await send('press-2/app')).toBe('accepted');
      expect(await send('press-4/app')).toBe('machine_limit_reached');
    });

    it('go on where a lowered limit is below what there is, until enough are forgotten', async () => {
      await fill();
      await setMachineLimit(1);
      expect(await send('press-1/app')).toBe('accepted');
      expect(await send('press-3/app')).toBe('machine_limit_reached');
      await forget('machine', 'press-1');
      expect(await send('press-3/app')).toBe('machine_limit_reached');
      await forget('machine', 'press-2');
      expect(await send('press-3/app')).toBe('accepted');
    });
  });

  it('instances of a machine are bounded, and may be one more for each that was forgotten', async () => {
    limits = { ...limits, instancesPerMachine: 2 };
    expect(await send('press-1/app')).toBe('accepted');
    expect(await send('press-1/web')).toBe('accepted');
    expect(await sendWhole('press-1/third')).toMatchObject({
      reason: 'instance_limit_reached',
      detail: 'The machine press-1 has 2 instances and may have 2; third is not one of them.',
    });
    expect(await send('press-1/app')).toBe('accepted');
    expect(await send('press-2/third')).toBe('accepted');
    await forget('software', 'press-1/app');
    expect(await send('press-1/third')).toBe('accepted');
    expect(await send('press-1/app')).toBe('instance_limit_reached');
    await forget('machine', 'press-1');
    expect(await send('press-1/app')).toBe('accepted');
    expect(await send('press-1/web')).toBe('accepted');
    expect(await send('press-1/third')).toBe('instance_limit_reached');
  });

  describe('open diagnostics of an instance', () => {
    beforeEach(async () => {
      limits = { ...limits, openDiagnostics: 3 };
      expect(await report([1, 2, 3])).toBe('accepted');
    });

    const report = (codes: readonly number[], severity = 1, atMs = T0) =>
      send('press-1/app', {
        kind: 'diagnostics',
        payload: { items: codes.map((code) => ({ code, severity, message: '' })) },
        atMs,
      });

    it('are bounded, and those that are known go on, also with another severity', async () => {
      expect(await report([4])).toBe('diagnostic_limit_reached');
      expect(await report([1, 4])).toBe('diagnostic_limit_reached');
      expect(await report([1, 2, 3], 2)).toBe('accepted');
      expect(await report([4, 5], 0)).toBe('accepted');
      expect(await send('press-1/app')).toBe('accepted');
      expect(await send('press-1/web', { kind: 'diagnostics', payload: { items: [] } })).toBe(
        'accepted',
      );
    });

    it('may be one more for each that the device closes', async () => {
      expect(await report([3], 0)).toBe('accepted');
      expect(await report([4])).toBe('accepted');
      expect(await report([3])).toBe('diagnostic_limit_reached');
    });

    it('may be more when warnings were not repeated for a day', async () => {
      expect(await report([4], 1, T0 + DAY + SECOND)).toBe('accepted');
    });

    it('may be as many again when the instance is forgotten', async () => {
      await forget('software', 'press-1/app');
      expect(await report([4, 5, 6])).toBe('accepted');
      expect(await report([7])).toBe('diagnostic_limit_reached');
    });
  });

  describe('free JSON', () => {
    /** An object whose JSON has exactly so many bytes. */
    const ofBytes = (bytes: number) => ({ a: 'é'.repeat((bytes - 8) >> 1) });
    const sendSnapshot = (bytes: number) =>
      sendWhole('press-1/app', {
        kind: 'status',
        payload: { status: 'running', snapshot: ofBytes(bytes) },
      });
    const sendContext = (bytes: number) =>
      sendWhole('press-1/app', {
        kind: 'diagnostics',
        payload: { items: [{ code: 1, severity: 1, message: '', context: ofBytes(bytes) }] },
      });

    it.each([
      ['snapshot', sendSnapshot, wire.snapshotBytes, 'snapshot'],
      ['context', sendContext, wire.contextBytes, 'items[0].context'],
    ] as const)(
      'of a %s is bounded in bytes, and a smaller one goes on',
      async (_, post, most, path) => {
        expect(reasonOf(await post(most))).toBe('accepted');
        expect(await post(most + 2)).toMatchObject({
          reason: 'invalid_payload',
          errors: [{ path, message: `must be at most ${most} bytes of JSON, not ${most + 2}` }],
        });
        expect(reasonOf(await post(most))).toBe('accepted');
      },
    );

    it('is bounded by the settings of the server', async () => {
      limits = { ...limits, wire: { ...wire, snapshotBytes: 100, contextBytes: 50 } };
      expect(reasonOf(await sendSnapshot(100))).toBe('accepted');
      expect(reasonOf(await sendSnapshot(102))).toBe('invalid_payload');
      expect(reasonOf(await sendContext(50))).toBe('accepted');
      expect(reasonOf(await sendContext(52))).toBe('invalid_payload');
    });
  });
});
