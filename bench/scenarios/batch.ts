import { Acknowledged } from '../acknowledged.ts';
import {
  createFleet,
  createInstallation,
  type Installation,
  registerMachines,
} from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { compress, type DeviceRequest, type Fleet, listShuffledBatches } from '../load/requests.ts';
import type { LoadResult } from '../load/run-load.ts';
import type { ServerProcess } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { absoluteRateRow, interleave, rateRow } from '../series.ts';

const CONNECTIONS = 16;
const FEW = 10;
const SPREAD = 10_000;
const WIDE = 100_000;
const TARGET_OTHERS = 75_000;
const TARGET_REPEATED = 250_000;

export const batch: Scenario = {
  name: 'batch',
  title: 'Messages in batches',
  setup:
    'Heartbeats in batches of 250 lines over 16 connections; every request is acknowledged after its commit is synced, and what the server counted as accepted is compared with what was acknowledged. Either every message is of another instance, in turn out of 10,000 or 100,000 in no order, or the messages repeat 10 instances.',
  target: 'at least 75,000 messages/s of many instances, 250,000/s of few',
  configure: describeRounds,
  async run(context) {
    const installation = createInstallation(context);
    const fleets = await createFleets(installation);
    const server = await installation.serve();
    const acknowledged = new Acknowledged();
    for (const fleet of Object.values(fleets))
      acknowledged.add(await registerMachines(server.url, fleet));
    const rows = await measure(context, fleets, async (run) =>
      acknowledged.note(await run(server)),
    );
    await server.stop();
    await acknowledged.requireCounted(installation);
    return rows;
  },
};

type Fleets = Record<'few' | 'spread' | 'wide', Fleet>;

async function createFleets(installation: Installation): Promise<Fleets> {
  return {
    few: await createFleet(installation, { customer: 'few', machines: FEW }),
    spread: await createFleet(installation, { customer: 'spread', machines: SPREAD }),
    wide: await createFleet(installation, { customer: 'wide', machines: WIDE }),
  };
}

async function measure(
  context: Context,
  fleets: Fleets,
  carryOut: (run: (server: ServerProcess) => Promise<LoadResult>) => Promise<LoadResult>,
): Promise<Row[]> {
  const prepare = (name: string, requests: readonly DeviceRequest[]) => {
    const run = prepareLoad(context, { name, requests, connections: CONNECTIONS });
    return () => carryOut(run);
  };
  const runs = await interleave(context.settings.rounds, {
    spread: prepare('spread', listShuffledBatches(fleets.spread)),
    wide: prepare('wide', listShuffledBatches(fleets.wide)),
    few: prepare('few', listShuffledBatches(fleets.few)),
    spreadGzip: prepare('spread-gzip', compress(listShuffledBatches(fleets.spread))),
    fewGzip: prepare('few-gzip', compress(listShuffledBatches(fleets.few))),
  });
  return [
    absoluteRateRow('each of another instance, of 10,000', runs.spread, TARGET_OTHERS),
    absoluteRateRow('each of another instance, of 100,000', runs.wide, TARGET_OTHERS),
    absoluteRateRow('repeating 10 instances', runs.few, TARGET_REPEATED),
    rateRow('of 10,000, gzip', runs.spreadGzip, { with: runs.spread, name: 'plain' }),
    rateRow('repeating 10, gzip', runs.fewGzip, { with: runs.few, name: 'plain' }),
  ];
}
