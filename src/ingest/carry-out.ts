import type { Transaction } from 'kysely';
import { dialectOf } from '../db/connection/dialect.ts';
import { lockMachineCounts } from '../db/ingest/machine-counts.ts';
import type { Database, TokenUseTable } from '../db/schema.ts';
import { type Credential, readCredentials } from '../db/tokens/credentials.ts';
import { saveTokenUses } from '../db/tokens/use.ts';
import { countOpen } from '../domain/diagnostics/summary.ts';
import type { Interval } from '../domain/time/observed.ts';
import { judgeAuthority } from './authority.ts';
import type { Memory } from './memory/memory.ts';
import type { Step } from './open-request.ts';
import { type Acceptance, type MessageOutcome, type Refusal, refuse } from './outcome.ts';
import { RegistrationDesk } from './registration.ts';
import type { IngestLimits, IngestRequest } from './request.ts';
import { applyMessage } from './transitions/apply.ts';
import { dateMessage, type Receipt } from './transitions/receipt.ts';
import { type InstanceState, type Path, startState } from './transitions/state.ts';
import { WorkingSet } from './working-set.ts';

export interface StepContext {
  clock: () => number;
  limits: IngestLimits;
  /** Times in which no node listened, in order. */
  unobserved: readonly Interval[];
  /** Null where others may change instances between two transactions unnoticed. */
  memory: Memory | null;
}

export type Result = readonly [step: Step, outcome: MessageOutcome];

interface Admitted {
  step: Step;
  credential: Credential;
}

/** A path is new, and its customer's machine count is not locked: it must be, before the instances are. */
export class RegistrationNeeded extends Error {
  override readonly name = 'RegistrationNeeded';
}

const TOKEN_USE_INTERVAL_MS = 60_000;

/**
 * Carries out the steps within a transaction; `confirm` is to be called once it has committed. On
 * PostgreSQL locks are taken in one order by all: the row of the node (which is nobody else's),
 * tokens and customers, machine counts (only with `isRegistering`), instances by key, uses of tokens.
 */
export async function carryOut(
  trx: Transaction<Database>,
  context: StepContext,
  work: { steps: readonly Step[]; isRegistering: boolean },
): Promise<{ results: Result[]; confirm: () => void }> {
  const rulings = await judgeRequests(trx, context, work.steps);
  const { admitted, refused } = admit(work.steps, rulings);
  const wanted = admitted.map(({ step }) => step);
  const customers = work.isRegistering ? listCustomers(wanted.map(({ path }) => path)) : null;
  const counts = customers && (await lockMachineCounts(trx, customers));
  const { memory } = context;
  const set = await WorkingSet.load(trx, wanted, memory?.instances ?? null);
  const desk = await openDesk(trx, { admitted, set, counts, context });
  const surroundings = { set, desk, context };
  const results = admitted.map((each): Result => [each.step, applyStep(each, surroundings)]);
  await set.save(trx, await desk.save(trx));
  const uses = listTokenUses(rulings);
  await saveTokenUses(trx, [...uses.values()].sort(byToken));
  const confirm = () => {
    if (!memory) return;
    set.remember(memory.instances);
    for (const [credential, { last_used_at }] of uses) {
      memory.keepCredential({ ...credential, last_used_at });
    }
  };
  return { results: [...refused, ...results], confirm };
}

type Ruling = Credential | Refusal;
type Rulings = ReadonlyMap<IngestRequest, Ruling>;

/** Authority lies in the commit: what was read before the transaction may be out of date. */
async function judgeRequests(
  trx: Transaction<Database>,
  { clock, memory }: StepContext,
  steps: readonly Step[],
): Promise<Rulings> {
  const requests = new Set(steps.map((step) => step.of.request));
  const hashes = [...new Set([...requests].map(({ tokenHash }) => tokenHash))];
  const credentials = memory
    ? await memory.learnCredentials(trx, hashes)
    : await readCredentials(trx, hashes, { lock: true });
  const nowMs = clock();
  const rulings = new Map<IngestRequest, Ruling>();
  for (const request of requests) {
    const credential = credentials.get(request.tokenHash);
    rulings.set(request, judgeAuthority(request, credential, nowMs) ?? (credential as Credential));
  }
  return rulings;
}

function admit(
  steps: readonly Step[],
  rulings: Rulings,
): { admitted: Admitted[]; refused: Result[] } {
  const admitted: Admitted[] = [];
  const refused: Result[] = [];
  for (const step of steps) {
    const ruling = rulings.get(step.of.request) as Ruling;
    if ('ok' in ruling) refused.push([step, ruling]);
    else admitted.push({ step, credential: ruling });
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
  const unknown: Path[] = [];
  for (const { step } of admitted) if (!set.get(step.key)) unknown.push(step.path);
  // SQLite's transaction holds the only write lock, so there is no order to keep.
  if (unknown.length > 0 && counts === null && dialectOf(trx) !== 'sqlite') {
    throw new RegistrationNeeded();
  }
  return await RegistrationDesk.open(trx, unknown, {
    counts: counts ?? (await lockMachineCounts(trx, listCustomers(unknown))),
    limits: context.limits,
  });
}

function listCustomers(paths: readonly Path[]): string[] {
  return [...new Set(paths.map(({ customer }) => customer))];
}

interface Surroundings {
  set: WorkingSet;
  desk: RegistrationDesk;
  context: StepContext;
}

function applyStep(admitted: Admitted, { set, desk, context }: Surroundings): MessageOutcome {
  const { step, credential } = admitted;
  const { path, key, message } = step;
  const { receivedAtMs } = step.of.request;
  const known = set.get(key);
  const row = known?.row ?? desk.judge({ path, credential, receivedAtMs });
  if ('ok' in row) return row;
  const state = known ?? startState(row);
  const receipt = dateMessage(message, surround(admitted, state, context));
  const change = applyMessage(state, message, receipt);
  const refusal = judgeDiagnostics(admitted, { before: state, after: change.state, context });
  if (refusal) return refusal;
  if (!known) desk.register(row);
  if (!change.isDuplicate) set.take(key, change);
  return accept(admitted, change.isDuplicate);
}

function surround(
  { step, credential }: Admitted,
  { row }: InstanceState,
  { limits, unobserved }: StepContext,
): Omit<Receipt, 'atMs' | 'isLate'> {
  const overdueAfterMs =
    row.overdue_after_ms ??
    row.machine_overdue_after_ms ??
    credential.overdue_after_ms ??
    limits.overdueAfterMs;
  const { receivedAtMs } = step.of.request;
  return { receivedAtMs, overdueAfterMs, unobserved, tokenId: credential.token_id };
}

/** Known codes go on when the bound is reached; only more open ones are refused. */
function judgeDiagnostics(
  { step: { message }, credential }: Admitted,
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

function accept({ step, credential }: Admitted, isDuplicate: boolean): Acceptance {
  const { message, warnings } = step;
  const accepted = message.kind === 'diagnostics' ? message.items.length : 1;
  return { ok: true, accepted, isDuplicate, warnings, tokenExpiresAtMs: credential.expires_at };
}

/** At most one a minute and token: a row per request would be one lock for all of a token's devices. */
function listTokenUses(rulings: Rulings): Map<Credential, TokenUseTable> {
  const uses = new Map<Credential, TokenUseTable>();
  for (const [request, ruling] of rulings) {
    if ('ok' in ruling) continue;
    const { token_id, customer, last_used_at } = ruling;
    // The distance, because the clock may have been set back.
    const sinceMs = Math.abs(request.receivedAtMs - (last_used_at ?? 0));
    if (sinceMs < TOKEN_USE_INTERVAL_MS) continue;
    uses.set(ruling, {
      customer,
      token_id,
      last_used_at: request.receivedAtMs,
      last_used_address: request.address,
    });
  }
  return uses;
}

function byToken(one: TokenUseTable, two: TokenUseTable): number {
  return one.token_id < two.token_id ? -1 : 1;
}
