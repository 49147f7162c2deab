/**
 * The commit of a batch: one transaction in which the database decides whether each message is
 * accepted, and in which all of its effects happen or none. Alike on both databases.
 */
import type { Kysely, Transaction } from 'kysely';
import { isDeadlock, isStorageFailure } from '../db/connection/errors.ts';
import type { Database } from '../db/schema.ts';
import { type Credential, readCredentials } from '../db/tokens/credentials.ts';
import { judgeAuthority } from './authority.ts';
import { carryOut, RegistrationNeeded, type Step, type StepContext } from './carry-out.ts';
import { decodeRequest, quotePayload } from './decode.ts';
import type { NodeLog } from './node-log.ts';
import { type Outcome, type Refusal, refuse } from './outcome.ts';
import type { IngestRequest } from './request.ts';

export interface CommitContext extends Omit<StepContext, 'unobserved'> {
  db: Kysely<Database>;
  nodeLog: NodeLog;
  /** Told why messages could not be stored: a failure of the storage, a value it refuses, or a bug. */
  onContentFailure?: (error: unknown) => void;
}

interface Prepared {
  requests: readonly IngestRequest[];
  credentials: ReadonlyMap<string, Credential>;
}

const DEADLOCK_ATTEMPTS = 3;

/** Unpacked bytes that are decoded for one transaction; their objects take several times as much. */
const PART_BYTES = 4 * 1024 * 1024;

/** Commits the requests and returns one outcome for each, in their order; never throws. */
export async function commitBatch(
  context: CommitContext,
  requests: readonly IngestRequest[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array(requests.length);
  try {
    const credentials = await readCredentials(context.db, listHashes(requests));
    for (const steps of prepare(context, { requests, credentials }, outcomes)) {
      await commitSteps(context, steps, outcomes);
    }
  } catch (error) {
    const outcome = describeFailure(context, error);
    for (const index of requests.keys()) outcomes[index] ??= outcome;
  }
  return outcomes.map((outcome, index) => withPayload(outcome, requests[index], context));
}

/**
 * Refuses what needs no transaction, and decodes the rest in parts, each for a transaction of its
 * own: a thousand small bodies that unpack to a megabyte each must not be in memory together.
 */
function* prepare(
  context: CommitContext,
  { requests, credentials }: Prepared,
  outcomes: Outcome[],
): Generator<Step[]> {
  const nowMs = context.clock();
  let part: Step[] = [];
  let bytes = 0;
  for (const [index, request] of requests.entries()) {
    const credential = credentials.get(request.tokenHash);
    const refusal = judgeAuthority(request, credential, nowMs);
    const decoded = refusal ?? decode(context, request, credential as Credential);
    if (decoded.ok) part.push({ request, decoded, index });
    else outcomes[index] = decoded;
    bytes += decoded.ok ? decoded.bytes : 0;
    if (bytes < PART_BYTES) continue;
    yield part;
    [part, bytes] = [[], 0];
  }
  yield part;
}

/** A bug that one body brings to light must not cost the other requests of its batch. */
function decode(context: CommitContext, request: IngestRequest, credential: Credential) {
  try {
    return decodeRequest(request, credential, context.limits.wire);
  } catch (error) {
    return describeFailure(context, error);
  }
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
    if (steps.length === 1 || isStorageFailure(error)) {
      const outcome = describeFailure(context, error);
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
    const confirm = await nodeLog.touch(trx, clock());
    const { unobserved } = nodeLog;
    return { noteTouch: confirm, ...(await carryOut(trx, { ...context, unobserved }, work)) };
  };
  const { results, noteTouch, confirm } = await db.transaction().execute(run);
  noteTouch();
  confirm();
  for (const [index, outcome] of results) outcomes[index] = outcome;
  nodeLog.add({ accepted: results.filter(([, outcome]) => outcome.ok).length });
}

function describeFailure(context: CommitContext, error: unknown): Refusal {
  context.onContentFailure?.(error);
  return isStorageFailure(error)
    ? refuse('storage_unavailable', 'The message could not be stored; send it again later.')
    : refuse('internal_error', 'The server failed on this message.');
}

/** What was sent, for the rejection log: only once the token is known, and not for our own failures. */
function withPayload(
  outcome: Outcome,
  request: IngestRequest | undefined,
  context: CommitContext,
): Outcome {
  if (outcome.ok || outcome.payload !== null || outcome.tokenId === '' || !request) return outcome;
  try {
    return { ...outcome, payload: quotePayload(request, context.limits.wire) };
  } catch (error) {
    // The batch is committed; it must not fail for the sake of a quotation.
    context.onContentFailure?.(error);
    return outcome;
  }
}

function listHashes(requests: readonly IngestRequest[]): string[] {
  return [...new Set(requests.map((request) => request.tokenHash))];
}
