import { type Kysely, sql } from 'kysely';
import { dialectOf } from '../../db/connection/dialect.ts';
import { writeRejections } from '../../db/rejections/write.ts';
import type { Database } from '../../db/schema.ts';
import { type CommitContext, commitBatch } from '../commit.ts';
import { Memory } from '../memory/memory.ts';
import { NodeLog } from '../node-log.ts';
import type { RejectionBatch, RejectionLimits } from '../recorder.ts';
import type { IngestLimits, IngestRequest } from '../request.ts';
import { Turns } from '../turns.ts';
import type { Writer } from './writer.ts';

export interface LocalWriterOptions {
  db: Kysely<Database>;
  /** Names this node among those on the same database. */
  node: string;
  clock: () => number;
  limits: IngestLimits;
  rejectionLimits: RejectionLimits;
  onContentFailure?: (error: unknown) => void;
  /** Told, in a sentence, what an admin should know of the clock and of breaks. */
  onNotice?: (sentence: string) => void;
}

/** An idle node shows that it lives this often, so that its silence is not taken for the devices'. */
const IDLE_TOUCH_MS = 5_000;

/** A writer on this thread; notes that the node listens from now on. */
export async function createLocalWriter(options: LocalWriterOptions): Promise<Writer> {
  const { db, node, clock, limits, onContentFailure, onNotice } = options;
  const { overdueAfterMs } = limits;
  const noticing = { node, startedAtMs: clock(), overdueAfterMs, ...(onNotice && { onNotice }) };
  const nodeLog = await NodeLog.start(db, noticing);
  const memory = dialectOf(db) === 'sqlite' ? new Memory() : null;
  const told = onContentFailure && { onContentFailure };
  const context = { db, clock, limits, nodeLog, memory, turns: new Turns(), ...told };
  return new LocalWriter(context, options);
}

class LocalWriter implements Writer {
  readonly #context: CommitContext;
  readonly #options: LocalWriterOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(context: CommitContext, options: LocalWriterOptions) {
    this.#context = context;
    this.#options = options;
    this.#timer = setInterval(() => void this.#touch(), IDLE_TOUCH_MS);
    this.#timer.unref();
  }

  async commit(requests: readonly IngestRequest[]) {
    return await commitBatch(this.#context, requests);
  }

  async record({ rows, refused, notRecorded }: RejectionBatch): Promise<void> {
    const { db, clock, nodeLog } = this.#context;
    const written = { nowMs: clock(), limits: this.#options.rejectionLimits };
    if (rows.length > 0) {
      await db.transaction().execute((trx) => writeRejections(trx, rows, written));
    }
    nodeLog.add({ refused, notRecorded });
  }

  async check(): Promise<void> {
    await sql`select 1`.execute(this.#context.db);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { db, clock, nodeLog, turns, onContentFailure } = this.#context;
    try {
      await turns.take(() => nodeLog.stop(db, clock()));
      if (dialectOf(db) === 'sqlite') await sql`pragma wal_checkpoint(truncate)`.execute(db);
    } catch (error) {
      // With the database away nothing is lost by stopping: its last sign of life tells when.
      onContentFailure?.(error);
    } finally {
      await db.destroy();
    }
  }

  /** Failing is no news: the next commit tells its clients. */
  async #touch(): Promise<void> {
    const { db, clock, nodeLog, turns } = this.#context;
    const touch = async () =>
      (await db.transaction().execute((trx) => nodeLog.touch(trx, clock())))();
    try {
      await turns.take(touch);
    } catch {}
  }
}
