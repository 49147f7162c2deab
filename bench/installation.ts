/** An installation of its own: a database with customers and tokens, and servers that work on it. */
import { join } from 'node:path';
import { parseLocation } from '../src/db/connection/location.ts';
import { openDatabase, openOrCreateDatabase } from '../src/db/connection/open.ts';
import { createCustomer } from '../src/db/customers/changes.ts';
import { createToken } from '../src/db/tokens/tokens.ts';
import { type Fleet, listBatches } from './load/requests.ts';
import { sendAll } from './load/send-all.ts';
import {
  createEnvironment,
  type Environment,
  FLEET,
  type ServerProcess,
  startServer,
} from './processes.ts';
import type { Context } from './scenario.ts';
import { sum } from './statistics.ts';

export interface Installation {
  /** The SQLite file or the URL. */
  database: string;
  env: Environment;
  /** Starts `fleet serve` on a free port. */
  serve: () => Promise<ServerProcess>;
}

/** Prepares an installation; by default on a SQLite file in the directory of the scenario. */
export function createInstallation(
  { directory, scope }: Context,
  database = join(directory, 'fleet.db'),
): Installation {
  const env = { ...createEnvironment(directory), FLEET_DATABASE: database };
  return { database, env, serve: () => startServer(scope, [FLEET, 'serve', '--port', '0'], env) };
}

/**
 * Creates a customer with tokens, in one transaction: the command line would take a quarter of a
 * second for each.
 */
export async function createFleet(
  { database }: Installation,
  { customer, machines, tokens = 1 }: { customer: string; machines: number; tokens?: number },
): Promise<Fleet> {
  const change = { nowMs: Date.now(), actor: 'bench' };
  const db = await openOrCreateDatabase(parseLocation(database));
  try {
    const created = await db.transaction().execute(async (trx) => {
      await createCustomer(trx, { slug: customer }, change);
      const input = { customer, name: null, expiresAtMs: null };
      const list: string[] = [];
      while (list.length < tokens) list.push((await createToken(trx, input, change)).token);
      return list;
    });
    return { customer, machines, tokens: created };
  } finally {
    await db.destroy();
  }
}

/** Registers every machine, so that no measured message has to; returns how many messages it took. */
export async function registerMachines(url: string, fleet: Fleet): Promise<number> {
  const batches = listBatches(fleet);
  await sendAll(url, batches);
  return sum(batches.map(({ messages }) => messages));
}

/** How many messages the servers have counted as accepted; those that have stopped, all of them. */
export async function countAccepted({ database }: Installation): Promise<number> {
  const db = await openDatabase(parseLocation(database), { access: 'read' });
  try {
    const nodes = await db.selectFrom('node').select('accepted').execute();
    return sum(nodes.map(({ accepted }) => accepted));
  } finally {
    await db.destroy();
  }
}
