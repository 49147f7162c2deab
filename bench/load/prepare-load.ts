import { join } from 'node:path';
import type { ServerProcess } from '../processes.ts';
import type { Context } from '../scenario.ts';
import { type DeviceRequest, writeRequests } from './requests.ts';
import { type LoadResult, runLoad } from './run-load.ts';

export interface PreparedLoad {
  /** Of its file, below the directory of the scenario. */
  name: string;
  requests: readonly DeviceRequest[];
  connections: number;
}

/** Returns what sends the requests to a server, in turn, for as long as one run of load lasts. */
export function prepareLoad(
  { directory, scope, settings }: Context,
  { name, requests, connections }: PreparedLoad,
): (server: ServerProcess) => Promise<LoadResult> {
  const file = writeRequests(join(directory, `${name}.requests`), requests);
  const load = { requests: file, connections, seconds: settings.seconds };
  return (server) => runLoad(scope, server, load);
}
