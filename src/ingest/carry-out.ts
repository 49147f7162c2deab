import type { Transaction } from 'kysely';
import { dialectOf } from '../db/connection/dialect.ts';
import { lockMachineCounts } from '../db/ingest/machine-counts.ts';
import type { Database, TokenUseTable } from '../db/schema.ts';
import { type Credential, readCredentials } from '../db/tokens/credentials.ts';
import { saveTokenUses } from '../db/tokens/use.ts';
import { judgeAuthority } from './authority.ts';
import type { DecodedRequest } from './decode.ts';
import type { InstanceCache } from './instance-cache.ts';
import { type Acceptance, type Outcome, type Refusal, refuse } from './outcome.ts';
import { RegistrationDesk } from './registration.ts';
import type { IngestLimits, IngestRequest } from './request.ts';
import { applyMessage } from './transitions/apply.ts';
import type { Interval } from './transitions/observation.ts';
import { dateMessage, type Receipt } from './transitions/receipt.ts';
import { type InstanceState, type Path, pathOf, startState } from './transitions/state.ts';
import { countOpen } from './transitions/worst.ts';
import { WorkingSet } from './working-set.ts';

/** A decoded request and its place in the batch. */
export interface Step {
  request: IngestRequest;
  decoded: DecodedRequest;
  index: number;
}

export interface StepContext {
  clock: () => number;
  limits: IngestLimits;
  /** Times in which no node listened, in order. */
  unobserved: readonly Interval[];
  /** Null where others may change instances between two transactions unnoticed. */
  cache: InstanceCache | null;
}

export type Result = readonly [index: number, outcome: Outcome];

interface Admitted extends Step {
  path: Path;
  credential: Credential;
}

/** A path is new, and its customer's machine count is not locked: it must be, before the instances are. */
export class RegistrationNeeded extends Error {
  override readonly name = 'RegistrationNeeded';
}

const TOKEN_USE_INTERVAL_MS = 60_000;

/**
 * Carries out the steps within a transaction; `confirm` is to be called once it has committed. On PostgreSQL locks are taken in one order by all:
 * tokens and customers, machine counts (only with `isRegistering`), instances by key.
 */
export async function carryOut(
  trx: Transaction<Database>,
  context: StepContext,
  work: { steps: readonly Step[]; isRegistering: boolean },
): Promise<{ results: Result[]; confirm: () => void }> {
  const { admitted, refused } = await admit(trx, context, work.steps);
  const counts = work.isRegistering ? await lockCounts(trx, admitted) : null;
  const wanted = admitted.map(({ path, request }) => ({ path, kind: request.endpoint }));
  const { cache } = context;
  const set = await WorkingSet.load(trx, wanted, cache);
  const desk = await openDesk(trx, { admitted, set, counts, context });
  const results = admitted.map(
    (step): Result => [step.index, applyStep(step, { set, desk, context })],
  );
  await set.save(trx, await desk.save(trx));
  await saveTokenUses(trx, listTokenUses(admitted));
  return {
    results: [...refused, ...results],
    confirm: () => cache && set.remember(cache),
  };
}

/** Authority lies in the commit: what was read before the transaction may be out of date. */
async function admit(
  trx: Transaction<Database>,
  { clock }: StepContext,
  steps: readonly Step[],
): Promise<{ admitted: Admitted[]; refused: Result[] }> {
  const hashes = [...new Set(steps.map(({ request }) => request.tokenHash))];
  const credentials = await readCredentials(trx, hashes, { lock: true });
  const nowMs = clock();
  const admitted: Admitted[] = [];
  const refused: Result[] = [];
  for (const step of steps) {
    const credential = credentials.get(step.request.tokenHash);
    const refusal = judgeAuthority(step.request, credential, nowMs);
    if (refusal) refused.push([step.index, refusal]);
    else if (credential) admitted.push({ ...step, credential, path: pathOf(step.request) });
  }
  return { admitted, refused };
}

interface RegistrationWork {
  admitted: readonly Admitted[];
  set: WorkingSet;
  counts: ReadonlyMap<string, number> | null;
  context: StepContext;
}

async function openDesk(
  trx: Transaction<Database>,
  { admitted, set, counts, context }: RegistrationWork,
): Promise<RegistrationDesk> {
  const unknown = admitted.filter(({ path }) => !set.get(path));
  // SQLite's transaction holds the only write lock, so there is no order to keep.
  if (unknown.length > 0 && counts === null && dialectOf(trx) !== 'sqlite') {
    throw new RegistrationNeeded();
  }
  const paths = unknown.map(({ path }) => path);
  return await RegistrationDesk.open(trx, paths, {
    counts: counts ?? (await lockCounts(trx, unknown)),
    limits: context.limits,
  });
}

async function lockCounts(
  trx: Transaction<Database>,
  those: readonly { path: Path }[],
): Promise<Map<string, number>> {
  return await lockMachineCounts(trx, [...new Set(those.map(({ path }) => path.customer))]);
}

interface Surroundings {
  set: WorkingSet;
  desk: RegistrationDesk;
  context: StepContext;
}

function applyStep(step: Admitted, { set, desk, context }: Surroundings): Outcome {
  const known = set.get(step.path);
  const row = known?.row ?? desk.judge({ ...step, receivedAtMs: step.request.receivedAtMs });
  if ('ok' in row) return row;
  const state = known ?? startState(row);
  const { message } = step.decoded;
  const receipt = dateMessage(message, surround(step, state, context));
  const { isDuplicate, ...change } = applyMessage(state, message, receipt);
  const refusal = judgeDiagnostics(step, { before: state, after: change.state, context });
  if (refusal) return refusal;
  if (!known) desk.register(row);
  if (!isDuplicate) set.take(change);
  return accept(step, isDuplicate);
}

function surround(
  { request, credential }: Admitted,
  { row }: InstanceState,
  { limits, unobserved }: StepContext,
): Omit<Receipt, 'atMs' | 'isLate'> {
  const overdueAfterMs =
    row.overdue_after_ms ??
    row.machine_overdue_after_ms ??
    credential.overdue_after_ms ??
    limits.overdueAfterMs;
  const { receivedAtMs } = request;
  return { receivedAtMs, overdueAfterMs, unobserved, tokenId: credential.token_id };
}

/** Known codes go on when the bound is reached; only more open ones are refused. */
function judgeDiagnostics(
  { decoded: { message }, credential }: Admitted,
  { before, after, context }: { before: InstanceState; after: InstanceState; context: StepContext },
): Refusal | null {
  const bound = context.limits.openDiagnostics;
  if (message.kind !== 'diagnostics' || after.diagnostics.size <= bound) return null;
  const atMs = after.row.newest_at;
  const open = countOpen(after.diagnostics.values(), atMs);
  if (open <= bound || open <= countOpen(before.diagnostics.values(), atMs)) return null;
  const detail = `The instance would have ${open} open diagnostics; it may have ${bound}.`;
  const { token_id: tokenId, customer: tokenCustomer } = credential;
  return refuse('diagnostic_limit_reached', detail, { tokenId, tokenCustomer });
}

function accept({ decoded, credential }: Admitted, isDuplicate: boolean): Acceptance {
  const { message, warnings } = decoded;
  const accepted = message.kind === 'diagnostics' ? message.items.length : 1;
  return { ok: true, accepted, isDuplicate, warnings, tokenExpiresAtMs: credential.expires_at };
}

/** At most one a minute and token: a row per request would be one lock for all of a token's devices. */
function listTokenUses(admitted: readonly Admitted[]): TokenUseTable[] {
  const uses = new Map<string, TokenUseTable>();
  for (const { credential, request } of admitted) {
    const { token_id, customer, last_used_at } = credential;
    // The distance, because the clock may have been set back.
    const sinceMs = Math.abs(request.receivedAtMs - (last_used_at ?? 0));
    if (sinceMs < TOKEN_USE_INTERVAL_MS) continue;
    uses.set(token_id, {
      customer,
      token_id,
      last_used_at: request.receivedAtMs,
      last_used_address: request.address,
    });
  }
  return [...uses.values()].sort((one, two) => (one.token_id < two.token_id ? -1 : 1));
}
