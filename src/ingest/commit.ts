/**
 * The commit of what came at the same time, in parts: each is one transaction in which the database
 * decides whether each message is accepted, and in which all of a message's effects happen or none.
 * Alike on both databases.
 */
import type { Kysely, Transaction } from 'kysely';
import { isDeadlock, isStorageFailure } from '../db/connection/errors.ts';
import type { Database } from '../db/schema.ts';
import { readCredentials } from '../db/tokens/credentials.ts';
import { OpenBatch } from './batch/open-batch.ts';
import { carryOut, RegistrationNeeded, type Result, type StepContext } from './carry-out.ts';
import type { NodeLog } from './node-log.ts';
import { OpenMessage } from './open-message.ts';
import type { OpenRequest, Step } from './open-request.ts';
import { type Outcome, type Refusal, refuse, refuseAsFailed } from './outcome.ts';
import { prepareParts } from './prepare.ts';
import type { IngestRequest } from './request.ts';
import type { Turns } from './turns.ts';

export interface CommitContext extends Omit<StepContext, 'unobserved'> {
  db: Kysely<Database>;
  nodeLog: NodeLog;
  /** Of the transactions of this node. What one of them changes in memory is in place before the next begins. */
  turns: Turns;
  /** Told why messages could not be stored: a failure of the storage, a value it refuses, or a bug. */
  onContentFailure?: (error: unknown) => void;
}

const DEADLOCK_ATTEMPTS = 3;

/** Commits the requests and returns one outcome for each, in their order; never throws. */
export async function commitBatch(
  context: CommitContext,
  requests: readonly IngestRequest[],
): Promise<Outcome[]> {
  const open = openRequests(context, requests);
  try {
    const credentials = await readFirst(context, listHashes(requests));
    const unprepared = { requests: open, credentials, nowMs: context.clock() };
    for await (const steps of prepareParts(unprepared)) await commitSteps(context, steps);
  } catch (error) {
    const refusal = describeFailure(context, error);
    for (const each of open) each.refuse(refusal);
  }
  return open.map((each) => each.finish());
}

/** Before any transaction, for what can be refused without one and to read what others sent. */
async function readFirst({ db, memory }: CommitContext, hashes: readonly string[]) {
  return memory ? await memory.recallCredentials(db, hashes) : await readCredentials(db, hashes);
}

function openRequests(context: CommitContext, requests: readonly IngestRequest[]): OpenRequest[] {
  const read = {
    limits: context.limits.wire,
    describeFailure: (error: unknown) => describeFailure(context, error),
  };
  return requests.map((request) =>
    request.endpoint === 'batch' ? new OpenBatch(request, read) : new OpenMessage(request, read),
  );
}

/** A batch that fails because of its content is halved until the culprit stands alone. */
async function commitSteps(context: CommitContext, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return;
  const committed = await tryToCommit(context, steps);
  if (!('failure' in committed)) settle(context, committed);
  else if (steps.length === 1 || isStorageFailure(committed.failure)) {
    const refusal = describeFailure(context, committed.failure);
    for (const step of steps) step.of.settle(step, refusal);
  } else {
    const middle = steps.length >> 1;
    await commitSteps(context, steps.slice(0, middle));
    await commitSteps(context, steps.slice(middle));
  }
}

/** Only what fails before the commit returned may be tried again in halves. */
async function tryToCommit(
  context: CommitContext,
  steps: readonly Step[],
): Promise<Result[] | { failure: unknown }> {
  try {
    return await commitTogether(context, steps);
  } catch (failure) {
    return { failure };
  }
}

function settle({ nodeLog }: CommitContext, results: readonly Result[]): void {
  let accepted = 0;
  for (const [step, outcome] of results) {
    step.of.settle(step, outcome);
    if (outcome.ok) accepted += 1;
  }
  nodeLog.add({ accepted });
}

async function commitTogether(context: CommitContext, steps: readonly Step[]): Promise<Result[]> {
  let isRegistering = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await context.turns.take(() => commitOnce(context, { steps, isRegistering }));
    } catch (error) {
      if (error instanceof RegistrationNeeded) isRegistering = true;
      else if (!isDeadlock(error) || attempt >= DEADLOCK_ATTEMPTS) throw error;
    }
  }
}

async function commitOnce(
  context: CommitContext,
  work: { steps: readonly Step[]; isRegistering: boolean },
): Promise<Result[]> {
  const { db, nodeLog, clock } = context;
  const run = async (trx: Transaction<Database>) => {
    const confirm = await nodeLog.touch(trx, clock());
    const { unobserved } = nodeLog;
    return { noteTouch: confirm, ...(await carryOut(trx, { ...context, unobserved }, work)) };
  };
  const { results, noteTouch, confirm } = await db.transaction().execute(run);
  noteTouch();
  confirm();
  return results;
}

function describeFailure(context: CommitContext, error: unknown): Refusal {
  context.onContentFailure?.(error);
  return isStorageFailure(error)
    ? refuse('storage_unavailable', 'The message could not be stored; send it again later.')
    : refuseAsFailed();
}

function listHashes(requests: readonly IngestRequest[]): string[] {
  return [...new Set(requests.map((request) => request.tokenHash))];
}
