import { expect } from 'vitest';
import { type FleetTerminal, type FleetTerminalOptions, openDashboard } from './fleet-terminal.ts';
import { type Answer, createInstallation, type Installation, post } from './support.ts';

/** A server with one machine that is well and a red one, and dashboards that look at it. */
export interface WatchedFleet extends Pick<Installation, 'fleet' | 'json'> {
  env: { FLEET_DATABASE: string };
  /** Of the customer my-company. */
  token: string;
  watch(options?: FleetTerminalOptions): Promise<FleetTerminal>;
  /** Sends what a device would, as my-company unless another token is given. */
  send(path: string, body: object, token?: string): Promise<Answer>;
  /** Lets a machine of my-company report error 4011. */
  reportError(machine: string, message: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on SQLite. */
export async function startWatchedFleet(): Promise<WatchedFleet> {
  const installation = await createInstallation('sqlite');
  await installation.fleet('customer', 'create', 'my-company', '--name', 'My Company');
  const { token } = await installation.json('token', 'create', 'my-company');
  const server = await installation.serve();
  const env = { FLEET_DATABASE: installation.url };
  const fleet: WatchedFleet = {
    ...{ fleet: installation.fleet, json: installation.json, env, token },
    watch: (options = {}) => openDashboard({ ...options, env: { ...env, ...options.env } }),
    send: (path, body, secret = token) =>
      post(`${server.url}/api/ingest/${path}`, { token: secret, body: JSON.stringify(body) }),
    reportError: async (machine, message) => {
      const path = `my-company/${machine}/press-control`;
      await fleet.send(`${path}/heartbeat`, { version: '1.4.0', uptime_seconds: 60 });
      const diagnostics = [{ code: 4011, message, severity: 2 }];
      expect((await fleet.send(`${path}/diagnostics`, { diagnostics })).status).toBe(200);
    },
    stop: async () => {
      await server.stop();
      await installation.drop();
    },
  };
  await fleet.send('my-company/press-01/press-control/heartbeat', { version: '1.4.0' });
  await fleet.reportError('press-07', 'Pump 2 tripped');
  return fleet;
}
