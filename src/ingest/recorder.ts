/**
 * Refusals on their way to the rejection log. They are collected in memory and written apart from
 * the commits, so that neither a flood of them nor a slow database holds up a device that is in
 * order; and everything about them is bounded, so that the log can't be used against the server.
 */
import type { RecordedRejection } from '../db/rejections/write.ts';
import { identifyRefusal } from './recorder/identity.ts';
import { KnownEpisodes } from './recorder/known-episodes.ts';
import type { RejectionLimits } from './recorder/limits.ts';
import { type PendingRejection, PendingRejections } from './recorder/pending.ts';
import { AddressQuota } from './recorder/quota.ts';
import type { RefusedRequest } from './recorder/refused-request.ts';
import { toRow } from './recorder/row.ts';

export { DEFAULT_REJECTION_LIMITS, type RejectionLimits } from './recorder/limits.ts';
export type { RefusedRequest } from './recorder/refused-request.ts';

export interface RejectionBatch {
  rows: RecordedRejection[];
  /** Everything that was refused since the last batch, whether logged or not. */
  refused: number;
  /** How many of them were beyond the bounds of the log. */
  notRecorded: number;
}

export interface RecorderOptions {
  /** Writes a batch, all of it or nothing. */
  write: (batch: RejectionBatch) => Promise<void>;
  clock: () => number;
  limits: RejectionLimits;
  /** Told why a write failed; what it should have written is kept and written later. */
  onError: (error: unknown) => void;
}

const LONGEST_DELAY_MS = 5_000;

export class RejectionRecorder {
  readonly #options: RecorderOptions;
  readonly #quota: AddressQuota;
  readonly #known: KnownEpisodes;
  readonly #pending: PendingRejections;
  #refused = 0;
  #notRecorded = 0;
  #delayMs: number;
  #rowsPerWrite: number;
  #writes = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: RecorderOptions) {
    const { limits } = options;
    this.#options = options;
    this.#quota = new AddressQuota(limits.rowsPerMinute);
    this.#known = new KnownEpisodes(limits.maxRows);
    this.#pending = new PendingRejections(limits);
    this.#delayMs = limits.writeIntervalMs;
    this.#rowsPerWrite = limits.pendingRows;
  }

  /** Notes a refusal for the log; returns at once. */
  record(refused: RefusedRequest): void {
    this.#refused += 1;
    if (!this.#take(refused)) this.#notRecorded += 1;
    this.#schedule();
  }

  /** Counts refusals that are not logged: those that are the server's own fault. */
  count(refused = 1): void {
    this.#refused += refused;
    this.#schedule();
  }

  /** Counts refusals that the log should have and has no room for, as the lines of a batch from the hundred and first on. */
  skip(refused: number): void {
    this.#notRecorded += refused;
    this.count(refused);
  }

  /** Writes now what is waiting. Resolves also when that fails; it is then kept and tried again later. */
  async flush(): Promise<void> {
    while (await this.#write());
  }

  /** Writes what is waiting, once, and nothing from then on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  #take(refused: RefusedRequest): boolean {
    const { atMs } = refused;
    const digest = identifyRefusal(refused);
    const entry = {
      digest,
      latest: refused,
      count: 1,
      firstAtMs: atMs,
      lastAtMs: atMs,
      failedAfter: null,
    };
    if (this.#pending.fold(entry)) return true;
    const nowMs = this.#options.clock();
    const isAllowed = this.#known.has(digest, nowMs) || this.#quota.take(refused.address, nowMs);
    if (!isAllowed || !this.#pending.add(entry)) return false;
    this.#known.note(digest, nowMs);
    return true;
  }

  #schedule(): void {
    if (this.#timer || this.#writing || this.#isClosed || this.#isIdle()) return;
    this.#timer = setTimeout(() => void this.#write(), this.#delayMs);
    this.#timer.unref();
  }

  #isIdle(): boolean {
    return this.#refused + this.#notRecorded + this.#pending.size === 0;
  }

  /** Writes once the write before is done; resolves to whether that went well and more is waiting. */
  async #write(): Promise<boolean> {
    while (this.#writing) await this.#writing;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isIdle()) return false;
    const attempt = this.#attempt();
    this.#writing = attempt.then(() => undefined);
    const isWritten = await attempt;
    this.#writing = null;
    this.#schedule();
    return isWritten && !this.#isIdle();
  }

  /** Never rejects; resolves to whether the batch was written. */
  async #attempt(): Promise<boolean> {
    const { write, limits, onError } = this.#options;
    const entries = this.#pending.drain(this.#rowsPerWrite);
    const counts = this.#takeCounts();
    try {
      await write({ rows: entries.map((entry) => toRow(entry, limits.payloadBytes)), ...counts });
      this.#writes += 1;
      this.#delayMs = limits.writeIntervalMs;
      this.#rowsPerWrite = Math.min(this.#rowsPerWrite * 2, limits.pendingRows);
      return true;
    } catch (error) {
      this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
      this.#putBack(entries, counts);
      onError(error);
      return false;
    }
  }

  #takeCounts(): { refused: number; notRecorded: number } {
    const counts = { refused: this.#refused, notRecorded: this.#notRecorded };
    this.#refused = 0;
    this.#notRecorded = 0;
    return counts;
  }

  /**
   * What came in meanwhile stays; of what failed, as much is kept as there is room for. The next
   * write is of half as many rows, so that one that the database does not take ends up alone.
   */
  #putBack(
    entries: readonly PendingRejection[],
    counts: { refused: number; notRecorded: number },
  ): void {
    this.#refused += counts.refused;
    this.#notRecorded += counts.notRecorded;
    this.#rowsPerWrite = Math.max(1, entries.length >> 1);
    const isAlone = entries.length === 1;
    for (const entry of entries) {
      if (!this.#keep(entry, isAlone)) this.#notRecorded += entry.count;
    }
  }

  /** A row that fails alone, others do well, and it fails again, is not kept: the fault is its own. */
  #keep(entry: PendingRejection, isAlone: boolean): boolean {
    if (isAlone && entry.failedAfter !== null && entry.failedAfter < this.#writes) return false;
    if (isAlone) entry.failedAfter ??= this.#writes;
    return this.#pending.fold(entry) || this.#pending.add(entry);
  }
}
