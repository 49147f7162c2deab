import { join } from 'node:path';
import type { ServerProcess } from '../processes.ts';
import type { Context } from '../scenario.ts';
import { type RequestFile, writeRequests } from './request-file.ts';
import type { DeviceRequest } from './requests.ts';
import { type LoadResult, runLoad } from './run-load.ts';

export interface PreparedLoad {
  /** Of its file, below the directory of the scenario. */
  name: string;
  requests: readonly DeviceRequest[];
  connections: number;
}

/** Writes requests for the load generator, below the directory of the scenario. */
export function prepareRequests(
  { directory }: Context,
  name: string,
  requests: readonly DeviceRequest[],
): RequestFile {
  return writeRequests(join(directory, `${name}.requests`), requests);
}

/** Returns what sends the requests to a server, in turn, for as long as one run of load lasts. */
export function prepareLoad(
  context: Context,
  { name, requests, connections }: PreparedLoad,
): (server: ServerProcess) => Promise<LoadResult> {
  const { scope, settings } = context;
  const file = prepareRequests(context, name, requests);
  const load = { requests: file, connections, seconds: settings.seconds };
  return (server) => runLoad(scope, server, load);
}
