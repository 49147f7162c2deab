/**
 * What a node notes of itself: that it lives, what it did, and the time in which it, and so perhaps
 * nobody, observed anything.
 */
import type { Kysely } from 'kysely';
import {
  listUnobserved,
  NODE_SILENCE_MS,
  type NodeActivity,
  noteSilence,
  registerNode,
  stopNode,
  touchNode,
} from '../db/nodes.ts';
import type { Database } from '../db/schema.ts';
import { formatDuration } from '../domain/time/duration.ts';
import type { Interval } from '../domain/time/observed.ts';

const TOUCH_INTERVAL_MS = 1_000;

/** Other nodes add times, too, as they start; a node that lives learns of them this often. */
const READ_INTERVAL_MS = 60_000;

/** What NTP corrects in passing is no step. */
const CLOCK_STEP_MS = 2_000;

export interface NodeLogOptions {
  node: string;
  startedAtMs: number;
  /** The default overdue limit of the node. */
  overdueAfterMs: number;
  unobserved?: readonly Interval[];
  /** Milliseconds of a clock that nobody sets. */
  monotonic?: () => number;
  /** Told, in a sentence, that the clock stepped or that nothing was observed. */
  onNotice?: (sentence: string) => void;
}

/** Gathers what this node does and writes it, at most once a second, within the commits of others. */
export class NodeLog {
  readonly #options: NodeLogOptions;
  readonly #monotonic: () => number;
  #unobserved: readonly Interval[];
  #activity: NodeActivity = { accepted: 0, refused: 0, notRecorded: 0 };
  #touchedAtMs: number;
  #touchedAtTick: number;
  #readAtMs: number;

  constructor(options: NodeLogOptions) {
    const { startedAtMs, unobserved = [], monotonic = () => performance.now() } = options;
    this.#options = options;
    this.#monotonic = monotonic;
    this.#unobserved = unobserved;
    this.#touchedAtMs = startedAtMs;
    this.#touchedAtTick = monotonic();
    this.#readAtMs = startedAtMs;
  }

  /** Registers the node as listening from now on, and returns its log. */
  static async start(
    db: Kysely<Database>,
    options: Omit<NodeLogOptions, 'unobserved'>,
  ): Promise<NodeLog> {
    const { node, startedAtMs: nowMs, overdueAfterMs } = options;
    const unobserved = await db.transaction().execute(async (trx) => {
      await registerNode(trx, { node, nowMs, overdueAfterMs });
      return await listUnobserved(trx);
    });
    return new NodeLog({ ...options, unobserved });
  }

  /** Times in which no node listened, in order. */
  get unobserved(): readonly Interval[] {
    return this.#unobserved;
  }

  add(activity: Partial<NodeActivity>): void {
    this.#activity = sum(this.#activity, activity);
  }

  /**
   * Writes the node's row if that is due, and first notes the time in which that failed. Comes
   * before the messages of a transaction are applied: after a break they need to know of it.
   * Returns what to call once the transaction has committed.
   */
  async touch(db: Kysely<Database>, nowMs: number): Promise<() => void> {
    const sinceMs = nowMs - this.#touchedAtMs;
    if (sinceMs >= 0 && sinceMs < TOUCH_INTERVAL_MS) return () => {};
    return await this.#write(db, nowMs);
  }

  /** Writes what is left, and that the node has stopped. */
  async stop(db: Kysely<Database>, nowMs: number): Promise<void> {
    (await this.#write(db, nowMs))();
    const { node, startedAtMs: listeningSinceMs } = this.#options;
    await stopNode(db, { node, nowMs, listeningSinceMs });
  }

  async #write(db: Kysely<Database>, nowMs: number): Promise<() => void> {
    const { node, startedAtMs: listeningSinceMs, overdueAfterMs } = this.#options;
    const tick = this.#monotonic();
    const activity = this.#activity;
    const isBreak = await this.#noteBreak(db, nowMs);
    await this.#readUnobserved(db, nowMs, isBreak);
    await touchNode(db, { node, nowMs, overdueAfterMs, listeningSinceMs, activity });
    return () => {
      this.#reportStep(nowMs, tick, isBreak);
      this.#touchedAtMs = nowMs;
      this.#touchedAtTick = tick;
      this.#activity = sum(this.#activity, negate(activity));
    };
  }

  async #noteBreak(db: Kysely<Database>, nowMs: number): Promise<boolean> {
    const sinceMs = this.#touchedAtMs;
    if (nowMs - sinceMs <= NODE_SILENCE_MS) return false;
    return await noteSilence(db, { node: this.#options.node, sinceMs, nowMs });
  }

  async #readUnobserved(db: Kysely<Database>, nowMs: number, isBreak: boolean): Promise<void> {
    if (!isBreak && Math.abs(nowMs - this.#readAtMs) < READ_INTERVAL_MS) return;
    this.#unobserved = await listUnobserved(db);
    this.#readAtMs = nowMs;
  }

  #reportStep(nowMs: number, tick: number, isBreak: boolean): void {
    const shownMs = nowMs - this.#touchedAtMs;
    const stepMs = Math.round(shownMs - (tick - this.#touchedAtTick));
    const { onNotice = () => {} } = this.#options;
    if (Math.abs(stepMs) > CLOCK_STEP_MS) {
      const direction = stepMs > 0 ? 'forward' : 'back';
      onNotice(`The clock of this machine was set ${direction} by ${describe(stepMs)}.`);
    }
    if (isBreak) onNotice(`Nothing was observed for ${describe(shownMs)}: no device is blamed.`);
  }
}

function describe(ms: number): string {
  return formatDuration(Math.round(Math.abs(ms) / 1000) * 1000);
}

function sum(one: NodeActivity, two: Partial<NodeActivity>): NodeActivity {
  return {
    accepted: one.accepted + (two.accepted ?? 0),
    refused: one.refused + (two.refused ?? 0),
    notRecorded: one.notRecorded + (two.notRecorded ?? 0),
  };
}

function negate({ accepted, refused, notRecorded }: NodeActivity): NodeActivity {
  return { accepted: -accepted, refused: -refused, notRecorded: -notRecorded };
}
