import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineShownSchema, softwareShownSchema } from '../../src/cli/schemas/software.ts';
import MachineShow from '../../src/commands/machine/show.ts';
import SoftwareShow from '../../src/commands/software/show.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { registerNode } from '../../src/db/nodes.ts';
import type { MessageKind } from '../../src/protocol/messages.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  commitOne,
  createContext,
} from '../support/fleet-data.ts';
import { HOUR, MINUTE, SECOND } from '../support/instance-model.ts';
import { runCommand } from '../support/run-command.ts';

/** When the tests run; what is sent happened before. */
const NOW = Date.now();

const instant = (agoMs: number) => new Date(NOW - agoMs).toISOString();

const SENT: [agoMs: number, endpoint: MessageKind, payload: object][] = [
  [4 * HOUR, 'heartbeat', { version: '1.0', uptime_seconds: 60 }],
  [4 * HOUR, 'status', { status: 'running' }],
  [4 * HOUR, 'diagnostics', { diagnostics: [{ code: 7, severity: 2, message: 'jam' }] }],
  [3 * HOUR, 'heartbeat', { version: '1.1', uptime_seconds: 0 }],
  [3 * HOUR, 'diagnostics', { diagnostics: [{ code: 7, severity: 1, message: 'jam' }] }],
  [3 * HOUR - MINUTE, 'status', { status: 'error' }],
];

describe.each(DIALECTS)(
  'the history in fleet machine show and fleet software show on %s',
  (dialect) => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = await createTestDatabase(dialect);
      const db = await openAndMigrateDatabase(parseLocation(database.url));
      await addCustomer(db, 'my-company');
      const { token } = await addToken(db, 'my-company');
      const node = { node: 'node-1', overdueAfterMs: 5 * MINUTE };
      await db.transaction().execute((trx) => registerNode(trx, { ...node, nowMs: NOW }));
      for (const [agoMs, endpoint, payload] of SENT) {
        const receivedAtMs = NOW - agoMs;
        const ts = new Date(receivedAtMs - 90 * SECOND).toISOString();
        const request = buildRequest(token, endpoint, {
          payload: { ...payload, ts },
          receivedAtMs,
        });
        expect(await commitOne(createContext(db), request)).toMatchObject({ ok: true });
      }
      await db.destroy();
    });

    afterAll(() => database.drop());

    const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
      runCommand(command, argv, { database: database.url });

    it('is told of an instance in the shape that is published', async () => {
      const path = 'my-company/press-1/line-control';
      const { stdout } = await run(SoftwareShow, path, '--json');
      const shown = softwareShownSchema.parse(JSON.parse(stdout));
      expect(shown.availability.map(({ window }) => window)).toEqual(['24h', '7d', '30d']);
      expect(shown.outages).toMatchObject([
        { from: instant(3 * HOUR), to: null, stopped: false },
        { from: instant(4 * HOUR), to: instant(3 * HOUR), duration_ms: HOUR },
      ]);
      expect(shown.restarts).toEqual([{ at: instant(3 * HOUR), silence_ms: HOUR }]);
      expect(shown.versions).toEqual([
        { version: '1.1', since: instant(3 * HOUR), until: null },
        { version: '1.0', since: instant(4 * HOUR), until: instant(3 * HOUR) },
      ]);
      expect(shown.up_episodes).toMatchObject([
        { ended_at: null, last_heartbeat_at: instant(3 * HOUR), ended_by: null },
        { ended_at: instant(4 * HOUR), ended_by: 'restart' },
      ]);
      expect(shown.statuses).toMatchObject([
        { status: 'error', until: null },
        { status: 'running', until: instant(3 * HOUR - MINUTE) },
      ]);
      expect(shown.diagnostics).toMatchObject([{ code: 7, severity: 1, closed_at: null }]);
      expect(shown.closed_diagnostics).toMatchObject([{ severity: 2, closed_by: 'severity' }]);
    });

    it('is told of the instances of a machine in the shape that is published', async () => {
      const { stdout } = await run(MachineShow, 'my-company/press-1', '--json');
      const { software } = machineShownSchema.parse(JSON.parse(stdout));
      expect(software).toMatchObject([
        {
          software: 'line-control',
          outages: [{ to: null }, { duration_ms: HOUR }],
          restarts: [{ silence_ms: HOUR }],
          versions: [{ version: '1.1' }, { version: '1.0' }],
        },
      ]);
      expect(software[0]?.availability[0]?.strip).toHaveLength(24);
    });

    it('is told to people, with the clock of a device that is off', async () => {
      const instance = await run(SoftwareShow, 'my-company/press-1/line-control');
      for (const title of ['availability', 'outages', 'restarts', 'versions', 'statuses']) {
        expect(instance.stdout).toContain(`\n\n${title}\n  `);
      }
      expect(instance.stdout).toMatch(/^ {2}warning +7 +- +3 h ago +3 h ago +1 +open +jam +-$/m);
      const machine = (await run(MachineShow, 'my-company/press-1')).stdout;
      expect(machine).toMatch(/^clock +line-control: 1 m 30 s behind$/m);
      expect(machine).toMatch(/^ {2}line-control +0\.00 % +0\.00 % +0\.00 %/m);
      expect(machine).toMatch(/^ {2}line-control +\d{4}-.* \(3 h ago\) {2}3 h .* goes on$/m);
    });
  },
);
