import { generateToken } from '../../src/domain/tokens/token.ts';
import { createFleet, createInstallation, registerMachines } from '../installation.ts';
import { describeRounds } from '../load/describe.ts';
import { prepareLoad } from '../load/prepare-load.ts';
import { type DeviceRequest, type Fleet, listHeartbeats } from '../load/requests.ts';
import { GENERATOR, type LoadResult } from '../load/run-load.ts';
import { send } from '../load/send-all.ts';
import type { ServerProcess } from '../processes.ts';
import type { Context, Row, Scenario } from '../scenario.ts';
import { interleave, rateRow } from '../series.ts';

const MACHINES = 10_000;
const CONNECTIONS = 64;
const AT_LEAST_MIXED = 0.8;
/** Autocannon gives each connection requests of its own, so that those with more refusals send more. */
const MIXES_EVENLY = GENERATOR === 'wrk';

export const refusals: Scenario = {
  name: 'refusals',
  title: 'Refusals',
  setup:
    'Heartbeats with unknown tokens over 64 connections: always the same one, or 10,000 of them, which have the form of real ones. Mixed: half of the requests, in no order, are refused, and what is compared is the rate of the accepted ones with half of the rate without refusals over as many connections.',
  target:
    'refusals at least as fast as acceptances; mixed, accepted at 0.80 of half of the rate without refusals',
  configure: describeRounds,
  async run(context) {
    const installation = createInstallation(context);
    const fleet = await createFleet(installation, { customer: 'acme', machines: MACHINES });
    const server = await installation.serve();
    await registerMachines(server.url, fleet);
    return await measure(context, server, fleet);
  },
};

async function measure(context: Context, server: ServerProcess, fleet: Fleet): Promise<Row[]> {
  const known = listHeartbeats(fleet);
  const one = listHeartbeats({ ...fleet, tokens: makeUnknownTokens(1) });
  const many = listHeartbeats({ ...fleet, tokens: makeUnknownTokens(MACHINES) });
  const mixed = known.map((request, index) =>
    index % 2 === 0 ? request : (one[index] ?? request),
  );
  await requireRefused(server, one);
  const prepare = (name: string, requests: readonly DeviceRequest[]) => {
    const run = prepareLoad(context, { name, requests, connections: CONNECTIONS });
    return () => run(server);
  };
  const runs = await interleave(context.settings.rounds, {
    accepted: prepare('accepted', known),
    one: prepare('one', one),
    many: prepare('many', many),
    mixed: prepare('mixed', mixed),
  });
  const than = { with: runs.accepted, name: 'accepted', atLeast: 1 };
  const half = {
    with: runs.accepted.map(halve),
    name: 'half of accepted',
    ...(MIXES_EVENLY && { atLeast: AT_LEAST_MIXED }),
  };
  return [
    rateRow('accepted, without refusals', runs.accepted),
    rateRow('refused, one unknown token', runs.one.map(countRefusals), than),
    rateRow('refused, 10,000 unknown tokens', runs.many.map(countRefusals), than),
    noteMixing(rateRow('accepted, while half is refused', runs.mixed, half)),
  ];
}

function noteMixing(row: Row): Row {
  if (MIXES_EVENLY) return row;
  return { ...row, note: `${row.note}; not judged: autocannon does not mix evenly` };
}

function makeUnknownTokens(count: number): string[] {
  return Array.from({ length: count }, () => generateToken().token);
}

async function requireRefused({ url }: ServerProcess, [request]: DeviceRequest[]): Promise<void> {
  const { status, body } = await send(url, request as DeviceRequest);
  if (status !== 401) throw new Error(`An unknown token is answered ${status}: ${body}`);
}

function countRefusals(result: LoadResult): LoadResult {
  return { ...result, perSecond: result.refused / result.seconds, refused: 0 };
}

function halve(result: LoadResult): LoadResult {
  return { ...result, perSecond: result.perSecond / 2 };
}
