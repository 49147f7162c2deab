/** The writer's thread: holds the only writing connection of the process to a SQLite database. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../../db/connection/open.ts';
import { createLocalWriter } from './local-writer.ts';
import type { Call, Reply, WriterSetup } from './worker-messages.ts';
import { packOutcomes, unpackRequests } from './worker-packing.ts';
import type { Writer } from './writer.ts';

const { file, busyTimeoutMs, ...setup } = workerData as WriterSetup;
const db = await openDatabase({ kind: 'sqlite', file }, { access: 'write', busyTimeoutMs });
const onContentFailure = (error: unknown) => say({ kind: 'report', error });
const onNotice = (sentence: string) => say({ kind: 'notice', sentence });
const options = { ...setup, db, clock: Date.now, onContentFailure, onNotice };
const writer = await createLocalWriter(options);

parentPort?.on('message', (call: Call) => void answer(call));
say({ kind: 'ready' });

async function answer(call: Call): Promise<void> {
  const { id } = call;
  try {
    say({ kind: 'result', id, value: await carryOut(writer, call) });
  } catch (error) {
    say({ kind: 'failure', id, error });
  }
  if (call.method === 'close') parentPort?.close();
}

async function carryOut(writer: Writer, call: Call): Promise<unknown> {
  if (call.method === 'commit') {
    return packOutcomes(await writer.commit(unpackRequests(call.argument)));
  }
  if (call.method === 'record') return await writer.record(call.argument);
  return await writer[call.method]();
}

function say(reply: Reply): void {
  parentPort?.postMessage(reply);
}
