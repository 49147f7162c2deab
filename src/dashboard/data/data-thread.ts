/** The thread of the data: what reads a whole fleet never holds up a key. */
import { parentPort, workerData } from 'node:worker_threads';
import { describeFailure } from '../../cli/failure.ts';
import { describeLocation } from '../../db/connection/location.ts';
import { openDatabase } from '../../db/connection/open.ts';
import { carryOutChange, isChange } from './changes.ts';
import { Feed } from './feed.ts';
import type { Call, DataSetup, Failure, Reply } from './messages.ts';
import { createAnswers } from './questions.ts';
import type { InputOf } from './requests.ts';

const { location, actor } = workerData as DataSetup;
const clock = Date.now;
const database = describeLocation(location);
const db = await openDatabase(location, { access: 'read' });
const open = () => openDatabase(location, { access: 'write' });
const onOverview: ConstructorParameters<typeof Feed>[0]['onOverview'] = (overview) =>
  say({ kind: 'overview', overview });
const feed = new Feed({ db, clock, onOverview });
const answers = createAnswers({ db, feed, clock });

parentPort?.on('message', (call: Call | 'refresh') => {
  if (call === 'refresh') void feed.refresh();
  else void answer(call);
});
await feed.run();

async function answer({ id, kind, input }: Call): Promise<void> {
  try {
    say({ kind: 'answer', id, output: await carryOut(kind, input) });
  } catch (error) {
    say({ kind: 'failure', id, failure: toFailure(error) });
  }
}

async function carryOut(kind: Call['kind'], input: unknown): Promise<unknown> {
  if (!isChange(kind)) return await answers[kind](input as never);
  const output = await carryOutChange(kind, input as InputOf<typeof kind>, { open, actor, clock });
  // Who made a change wants to see it.
  await feed.look();
  return output;
}

function toFailure(error: unknown): Failure {
  const { code, message, hint = null } = describeFailure(error, { database });
  return { code, message, hint };
}

function say(reply: Reply): void {
  parentPort?.postMessage(reply);
}
