/**
 * Copies a whole installation into another database, of the same kind or not. It is made of batches
 * that each commit with the place they lead to, so that it goes on there after any interruption;
 * in the end both databases are read through and compared.
 */
import { setImmediate } from 'node:timers/promises';
import { FleetError } from '../../domain/errors.ts';
import { appendAudit } from '../audit.ts';
import { upsertRows } from '../bulk/statements.ts';
import { inTransaction } from '../change.ts';
import { countRows, keyOf, type Row, readBatches } from './rows.ts';
import { requireNoServer } from './servers.ts';
import { onSide, type Side, type Sides } from './side.ts';
import { beginningOf, beginVerifying, isKnown, START, type Step, stepsFrom } from './steps.ts';
import { advance, beginAnew, finish, type Place, takeUp } from './unfinished.ts';
import { type CopiedTable, compareTables, type TableProgress } from './verify.ts';

export interface CopyProgress extends TableProgress {
  doing: 'copying' | 'verifying';
}

export interface CopyOptions {
  actor: string;
  clock: () => number;
  /** Ends the copy after the present batch; it can be gone on with. */
  signal: AbortSignal;
  onProgress: (progress: CopyProgress) => void;
  /** Told as soon as the target is marked: from then on an unfinished copy is there. */
  onBegin?: () => void;
  /** Told before all that was copied is deleted, which may take minutes. */
  onBeginAnew?: () => void;
}

export interface Copied {
  /** Whether it went on behind what an earlier run had copied. */
  resumed: boolean;
  tables: CopiedTable[];
}

/**
 * Copies `from` into `to`, which is empty or holds the unfinished copy of the same database, and
 * returns what both now hold. Throws `busy` while a server runs on either, `conflict` where the
 * target holds anything else or the two differ in the end, `interrupted` when told to stop.
 */
export async function copyInstallation(sides: Sides, options: CopyOptions): Promise<Copied> {
  const { from, to } = sides;
  await requireNoServer(from, options.clock());
  await requireNoServer(to, options.clock());
  const begun = { start: START, where: to.where };
  const found = await change(to, (trx) => takeUp(trx, from.where, begun));
  options.onBegin?.();
  const place = isKnown(found) ? found : await startOver(to, found, options);
  const last = await copySteps(sides, place, options);
  const verified = await moveOn(to, last, beginVerifying());
  const tables = await verify(sides, verified, options);
  await change(to, async (trx) => {
    await finish(trx, verified);
    const action = { action: 'copy', customer: '', subject: from.where };
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const { actor, clock } = options;
    await appendAudit(trx, { ...action, detail: { rows } }, { actor, nowMs: clock() });
  });
  return { resumed: place.step !== START.step || place.rows > 0, tables };
}

async function startOver(to: Side, at: Place, { onBeginAnew }: CopyOptions): Promise<Place> {
  onBeginAnew?.();
  await change(to, (trx) => beginAnew(trx, at, START));
  return START;
}

async function copySteps(sides: Sides, place: Place, options: CopyOptions): Promise<Place> {
  let at = place;
  for (const [index, step] of stepsFrom(place).entries()) {
    if (index > 0) at = await moveOn(sides.to, at, beginningOf(step));
    at = await copyRows(sides, step, { at, options });
  }
  return at;
}

async function moveOn(to: Side, at: Place, next: Place): Promise<Place> {
  await change(to, (trx) => advance(trx, at, next));
  return next;
}

async function copyRows(
  { from, to }: Sides,
  { name, table, prepare }: Step,
  { at, options }: { at: Place; options: CopyOptions },
): Promise<Place> {
  const total = await countRows(from, table);
  let place = at;
  for await (const rows of readBatches(from, table, at.after)) {
    await takeBreath(options);
    const after = keyOf(table, rows.at(-1) as Row);
    const next = { step: name, after, rows: place.rows + rows.length };
    await change(to, async (trx) => {
      // First, because in a copy that another process has ended nothing may be written.
      await advance(trx, place, next);
      await upsertRows(trx, table, rows.map(prepare));
    });
    place = next;
    const progress = { table: table.name, side: 'from', rows: place.rows, total } as const;
    options.onProgress({ doing: 'copying', ...progress });
  }
  return place;
}

async function verify(sides: Sides, at: Place, options: CopyOptions): Promise<CopiedTable[]> {
  const { tables, differing } = await compareTables(sides, async (progress) => {
    await takeBreath(options);
    options.onProgress({ doing: 'verifying', ...progress });
  });
  if (differing.length > 0) await startOver(sides.to, at, options);
  // Also where both are alike: a server that was started meanwhile is going to write.
  await requireNoServer(sides.from, options.clock());
  if (differing.length === 0) return tables;
  throw new FleetError(
    'conflict',
    `The copy differs from ${sides.from.where} in ${differing.join(', ')}: something wrote to one of them meanwhile.`,
    { hint: 'the same command again, which begins anew' },
  );
}

/** Two SQLite files are copied without ever waiting, and signals would not be heard. */
async function takeBreath({ signal }: CopyOptions): Promise<void> {
  await setImmediate();
  if (signal.aborted) throw new FleetError('interrupted', 'Interrupted.');
}

async function change<T>(side: Side, work: Parameters<typeof inTransaction<T>>[1]): Promise<T> {
  return await onSide(side, (db) => inTransaction(db, work));
}
