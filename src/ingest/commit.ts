/**
 * The commit of a batch: one transaction in which the database decides whether each message is
 * accepted, and in which all of its effects happen or none. Alike on both databases.
 */
import type { Kysely, Transaction } from 'kysely';
import { type Credential, readCredentials } from '../db/credentials.ts';
import { isDeadlock, isStorageFailure } from '../db/errors.ts';
import type { Database } from '../db/schema.ts';
import { judgeAuthority } from './authority.ts';
import { carryOut, RegistrationNeeded, type Step, type StepContext } from './carry-out.ts';
import { decodeRequest } from './decode.ts';
import type { NodeLog } from './node-log.ts';
import { type Outcome, refuse } from './outcome.ts';
import type { IngestRequest } from './request.ts';

export interface CommitContext extends StepContext {
  db: Kysely<Database>;
  nodeLog: NodeLog;
  /** Told an error that is no failure of the storage: a message that the database refused, or a bug. */
  onContentFailure?: (error: unknown) => void;
}

const DEADLOCK_ATTEMPTS = 3;

/** Commits the requests and returns one outcome for each, in their order; never throws. */
export async function commitBatch(
  context: CommitContext,
  requests: readonly IngestRequest[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array(requests.length);
  try {
    const steps = await prepare(context, requests, outcomes);
    await commitSteps(context, steps, outcomes);
  } catch (error) {
    const outcome = describeFailure(context, error);
    for (const index of requests.keys()) outcomes[index] ??= outcome;
  }
  return outcomes;
}

/** Refuses what needs no transaction, and decodes the rest before the transaction begins. */
async function prepare(
  { db, clock, limits }: CommitContext,
  requests: readonly IngestRequest[],
  outcomes: Outcome[],
): Promise<Step[]> {
  const credentials = await readCredentials(db, listHashes(requests));
  const nowMs = clock();
  return requests.flatMap((request, index) => {
    const credential = credentials.get(request.tokenHash);
    const refusal = judgeAuthority(request, credential, nowMs);
    const decoded = refusal ?? decodeRequest(request, credential as Credential, limits.wire);
    if (decoded.ok) return { request, decoded, index };
    outcomes[index] = decoded;
    return [];
  });
}

/** A batch that fails because of its content is halved until the culprit stands alone. */
async function commitSteps(
  context: CommitContext,
  steps: readonly Step[],
  outcomes: Outcome[],
): Promise<void> {
  if (steps.length === 0) return;
  try {
    await commitTogether(context, steps, outcomes);
  } catch (error) {
    const outcome = describeFailure(context, error);
    if (steps.length === 1 || isStorageFailure(error)) {
      for (const { index } of steps) outcomes[index] = outcome;
      return;
    }
    const middle = steps.length >> 1;
    await commitSteps(context, steps.slice(0, middle), outcomes);
    await commitSteps(context, steps.slice(middle), outcomes);
  }
}

async function commitTogether(
  context: CommitContext,
  steps: readonly Step[],
  outcomes: Outcome[],
): Promise<void> {
  let isRegistering = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await commitOnce(context, { steps, isRegistering }, outcomes);
    } catch (error) {
      if (error instanceof RegistrationNeeded) isRegistering = true;
      else if (!isDeadlock(error) || attempt >= DEADLOCK_ATTEMPTS) throw error;
    }
  }
}

async function commitOnce(
  context: CommitContext,
  work: { steps: readonly Step[]; isRegistering: boolean },
  outcomes: Outcome[],
): Promise<void> {
  const { db, nodeLog, clock } = context;
  const run = async (trx: Transaction<Database>) => {
    const results = await carryOut(trx, context, work);
    return { results, confirm: await nodeLog.touch(trx, clock()) };
  };
  const { results, confirm } = await db.transaction().execute(run);
  confirm();
  for (const [index, outcome] of results) outcomes[index] = outcome;
  nodeLog.add({ accepted: results.filter(([, outcome]) => outcome.ok).length });
}

function describeFailure(context: CommitContext, error: unknown): Outcome {
  context.onContentFailure?.(error);
  return isStorageFailure(error)
    ? refuse('storage_unavailable', 'The message could not be stored; send it again later.')
    : refuse('internal_error', 'The server failed on this message.');
}

function listHashes(requests: readonly IngestRequest[]): string[] {
  return [...new Set(requests.map((request) => request.tokenHash))];
}
