import { statSync } from 'node:fs';
import { createFleet, createInstallation, type Installation } from '../installation.ts';
import { type DeviceRequest, type Fleet, listBatches } from '../load/requests.ts';
import { sendAll } from '../load/send-all.ts';
import type { Row, Scenario } from '../scenario.ts';

const MACHINES = 10_000;
/** The size after so many is what the size after all of them is compared with. */
export const FIRST_HEARTBEATS = 100_000;
const AT_MOST = 1.1;
const BYTES_PER_MB = 1024 * 1024;

export const growth: Scenario = {
  name: 'growth',
  title: 'The store does not grow with traffic',
  setup:
    'Heartbeats of 10,000 machines whose state does not change, in batches of 250. The server is stopped before its files are measured, so that nothing is left in the write-ahead log alone.',
  target: 'at most 1.1 times the size after the first 100,000',
  configure: ({ growth: total }) => `${total.toLocaleString('en')} heartbeats`,
  async run(context) {
    const installation = createInstallation(context);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const total = context.settings.growth;
    const before = await grow(installation, fleet, FIRST_HEARTBEATS);
    const after = await grow(installation, fleet, total - FIRST_HEARTBEATS);
    return listRows(before, after, total);
  },
};

function listRows(before: number, after: number, total: number): Row[] {
  const ratio = after / before;
  return [
    {
      label: `after ${FIRST_HEARTBEATS.toLocaleString('en')} heartbeats`,
      value: before,
      unit: 'MB',
    },
    {
      label: `after ${total.toLocaleString('en')} heartbeats`,
      value: after,
      unit: 'MB',
      ratio,
      target: `≤ ${AT_MOST.toFixed(2)} of that before`,
      met: ratio <= AT_MOST,
    },
  ];
}

/** Has a server take so many heartbeats, stops it, and returns the size of the database in MB. */
async function grow(installation: Installation, fleet: Fleet, messages: number): Promise<number> {
  const server = await installation.serve();
  await sendAll(server.url, repeat(listBatches(fleet), messages));
  await server.stop();
  return measureMb(installation.database);
}

/** The requests in turn, until they carry so many messages. */
function* repeat(requests: readonly DeviceRequest[], messages: number): Generator<DeviceRequest> {
  let sent = 0;
  for (let at = 0; sent < messages; at += 1) {
    const request = requests[at % requests.length] as DeviceRequest;
    sent += request.messages;
    yield request;
  }
}

function measureMb(database: string): number {
  const sizes = [database, `${database}-wal`].map(
    (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0) / BYTES_PER_MB;
}
