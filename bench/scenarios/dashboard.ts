import { setTimeout as sleep } from 'node:timers/promises';
import {
  createFleet,
  createInstallation,
  type Installation,
  registerMachines,
} from '../installation.ts';
import { type DeviceRequest, type Fleet, LINES_PER_BATCH, listBatches } from '../load/requests.ts';
import { send } from '../load/send-all.ts';
import { readMemory } from '../proc.ts';
import { FLEET, runNode } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { median, percentile } from '../statistics.ts';
import { hasTerminal, startInTerminal, type Terminal } from '../terminal.ts';

const CUSTOMERS = 50;
const MACHINES = 2_000;
const STARTS = 7;
const PRESSES = 400;
const PRESS_EVERY_MS = 60;
/** As often as 100,000 devices that beat once a minute send so many messages. */
const BATCH_EVERY_MS = (60_000 * LINES_PER_BATCH) / (CUSTOMERS * MACHINES);

const AT_MOST = { health: 1_000, paint: 1_000, key: 50, memoryMb: 300 };

const [ENTER, PAGE_DOWN, PAGE_UP] = ['\r', '\x1b[6~', '\x1b[5~'];

/** Into a customer, up and down, out again, other orders, other screens; each of them changes the screen. */
const KEYS: readonly string[] = [
  ...[
    ENTER,
    ...'jjjjjjkkjjj',
    PAGE_DOWN,
    PAGE_DOWN,
    PAGE_DOWN,
    ...'jjkk',
    PAGE_UP,
    'G',
    ...'kkk',
    'g',
    ENTER,
  ],
  ...['s', 's', 's', 'j', 'k', '3', '4', '5', ...'jjkjk', '1', '?', 'j', 'k', '?'],
];

export const dashboard: Scenario = {
  name: 'dashboard',
  title: 'Health and dashboard',
  setup:
    'A fleet of 100,000 instances in 50 customers on SQLite, all of which send a heartbeat a minute meanwhile. `fleet health --json` and the first paint of `fleet dashboard` with the fleet in it are whole processes, medians of 7; a key is timed from the byte to the terminal until the program writes to it.',
  target: 'health and first paint under 1 s, 99 % of keys under 50 ms, under 300 MB',
  configure: () => `${PRESSES} keys, one every ${PRESS_EVERY_MS} ms, in a terminal of 120 × 40`,
  async run(context) {
    const installation = createInstallation(context);
    const server = await installation.serve();
    const fleets: Fleet[] = [];
    for (let at = 0; at < CUSTOMERS; at += 1) {
      const fleet = await createFleet(installation, {
        customer: `customer-${at}`,
        machines: MACHINES,
      });
      await registerMachines(server.url, fleet);
      fleets.push(fleet);
    }
    const load = startHeartbeats(server.url, fleets.flatMap(listBatches));
    const rows = [
      await measureHealth(context, installation),
      ...(await measureDashboard(context, installation)),
    ];
    const sent = await load.stop();
    return [...rows, { label: 'heartbeats meanwhile', value: sent, unit: '/s' }];
  },
};

async function measureHealth({ scope }: Context, { env }: Installation): Promise<Row> {
  const times: number[] = [];
  for (let run = 0; run <= STARTS; run += 1) {
    const start = performance.now();
    await runNode(scope, [FLEET, 'health', '--json'], env);
    // The first one fills the compile cache.
    if (run > 0) times.push(performance.now() - start);
  }
  return atMost('fleet health --json', median(times), { unit: 'ms', limit: AT_MOST.health });
}

async function measureDashboard(context: Context, { env }: Installation): Promise<Row[]> {
  if (!hasTerminal()) {
    const note = 'unknown without `script` of util-linux';
    return [{ label: 'dashboard', value: null, unit: 'ms', note }];
  }
  const paints: number[] = [];
  for (let run = 0; run <= STARTS; run += 1) {
    const start = performance.now();
    const terminal = await startInTerminal(context.scope, [FLEET, 'dashboard'], env);
    await terminal.waitFor('customer-0');
    if (run > 0) paints.push(performance.now() - start);
    if (run < STARTS) await terminal.quit('q');
    else return [toPaintRow(paints), ...(await measureKeys(terminal))];
  }
  return [];
}

async function measureKeys(terminal: Terminal): Promise<Row[]> {
  await sleep(2_000);
  const times: number[] = [];
  for (let at = 0; at < PRESSES; at += 1) {
    await sleep(PRESS_EVERY_MS);
    times.push(await terminal.press(KEYS[at % KEYS.length] ?? ENTER));
  }
  const pid = terminal.findPid();
  const memory = pid === null ? null : readMemory(pid);
  await terminal.quit('\x03');
  const note = `median ${median(times).toFixed(1)} ms, longest ${Math.max(...times).toFixed(1)} ms`;
  const key = { unit: 'ms', limit: AT_MOST.key, note };
  const peak = { unit: 'MB', limit: AT_MOST.memoryMb };
  return [
    atMost('key to paint, 99 %', percentile(times, 0.99), key),
    atMost('highest memory of the dashboard', memory?.peakMb ?? null, peak),
  ];
}

function toPaintRow(paints: readonly number[]): Row {
  return atMost('first paint of the dashboard', median(paints), {
    unit: 'ms',
    limit: AT_MOST.paint,
  });
}

function atMost(
  label: string,
  value: number | null,
  { unit, limit, note }: { unit: string; limit: number; note?: string },
): Row {
  const row = { label, value, unit, target: `≤ ${limit} ${unit}`, ...(note && { note }) };
  return value === null ? row : { ...row, met: value <= limit };
}

/** Sends batches at an even pace, and returns at the end how many heartbeats a second that were. */
function startHeartbeats(url: string, batches: readonly DeviceRequest[]) {
  const startMs = performance.now();
  let [isStopping, sent] = [false, 0];
  const loop = async () => {
    for (let at = 0; !isStopping; at += 1) {
      const dueMs = startMs + at * BATCH_EVERY_MS;
      await sleep(Math.max(0, dueMs - performance.now()));
      const batch = batches[at % batches.length];
      if (batch && (await send(url, batch)).status === 200) sent += batch.messages;
    }
    return (sent * 1_000) / (performance.now() - startMs);
  };
  const running = loop();
  running.catch(() => undefined);
  return {
    stop: async () => {
      isStopping = true;
      return await running;
    },
  };
}
