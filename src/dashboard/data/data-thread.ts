/** The thread of the data: what reads a whole fleet never holds up a key. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Kysely } from 'kysely';
import { describeFailure } from '../../cli/failure.ts';
import { describeLocation } from '../../db/connection/location.ts';
import { openDatabase } from '../../db/connection/open.ts';
import type { Database } from '../../db/schema.ts';
import { isChange } from './change-names.ts';
import { Feed } from './feed.ts';
import type { Call, DataSetup, Failure, Reply } from './messages.ts';
import { createAnswers } from './questions.ts';
import type { InputOf } from './requests.ts';

const { location, actor } = workerData as DataSetup;
const clock = Date.now;
const database = describeLocation(location);

/** A PostgreSQL server that says nothing for so long is away: the terminal says so, and how old its data are. */
const SILENCE_MS = 10_000;

try {
  await serve(await openDatabase(location, { access: 'read', silenceMs: SILENCE_MS }));
} catch (error) {
  say({ kind: 'refusal', failure: toFailure(error) });
}

async function serve(db: Kysely<Database>): Promise<void> {
  const feed = new Feed({
    db,
    clock,
    onOverview: (overview) => say({ kind: 'overview', overview }),
  });
  const answers = createAnswers({ db, feed, clock });
  const carryOut = async ({ kind, input }: Call): Promise<unknown> => {
    if (!isChange(kind)) return await answers[kind](input as never);
    const { carryOutChange } = await import('./changes.ts');
    const open = () => openDatabase(location, { access: 'write', silenceMs: SILENCE_MS });
    const output = await carryOutChange(kind, input as InputOf<typeof kind>, {
      open,
      actor,
      clock,
    });
    // Who made a change wants to see it.
    await feed.look();
    return output;
  };
  parentPort?.on('message', (call: Call | 'refresh') => {
    if (call === 'refresh') void feed.refresh();
    else void answer(call, carryOut);
  });
  await feed.run();
}

async function answer(call: Call, carryOut: (call: Call) => Promise<unknown>): Promise<void> {
  const { id } = call;
  try {
    say({ kind: 'answer', id, output: await carryOut(call) });
  } catch (error) {
    say({ kind: 'failure', id, failure: toFailure(error) });
  }
}

function toFailure(error: unknown): Failure {
  const { code, message, hint = null } = describeFailure(error, { database });
  return { code, message, hint };
}

function say(reply: Reply): void {
  parentPort?.postMessage(reply);
}
