/** The fleet as it stands in memory, kept up to date with what changed since it was read last. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { findNewestAuditId } from '../../db/audit.ts';
import { dialectOf } from '../../db/connection/dialect.ts';
import { listCustomers } from '../../db/customers/customers.ts';
import { readStates, type StateRow, type StateScope } from '../../db/health/states.ts';
import { readWatch } from '../../db/health/watch.ts';
import type { Database } from '../../db/schema.ts';
import {
  buildFleet,
  type Fleet,
  judgeCustomer,
  putState,
  type SoftwareNode,
} from '../../domain/health/fleet.ts';
import type { Watch } from '../../domain/health/watch.ts';

/**
 * A receipt is noted when it comes in and committed a little later, and the clocks of several nodes
 * differ: what is this much older than the newest that was seen may still be news.
 */
const BEHIND_MS = 3_000;

/** What was missed, as by a clock that is further off, is found after this long at the latest. */
const READ_ALL_MS = { sqlite: 600_000, postgres: 60_000 } as const;

/** The driver of SQLite blocks its thread: questions of the terminal are answered between two pages. */
const PAGE_ROWS = 1_000;

/** Judging blocks it as well, some 20 ms for 100,000 instances. */
const JUDGED_AT_ONCE_MS = 5;

export class FleetModel {
  readonly #db: Kysely<Database>;
  #fleet: Fleet<StateRow> = buildFleet([]);
  #watch: Watch = { nowMs: 0, watchedUntilMs: null, unobserved: [], overdueAfterMs: 0 };
  #newestSeenMs = 0;
  #readAllAtMs = Number.NEGATIVE_INFINITY;
  /** The newest entry of the audit trail: every change that no device made is in it. */
  #audited: string | null | undefined;
  /** Slugs, words and versions repeat in thousands of rows, and each row brings copies of its own. */
  #texts = new Map<string, string>();

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  get fleet(): Fleet<StateRow> {
    return this.#fleet;
  }

  get watch(): Watch {
    return this.#watch;
  }

  /** Reads everything the next time. */
  forget(): void {
    this.#readAllAtMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Reads what changed, and returns whether there was anything new. Devices change only what they are
   * seen with; operators are read after in full.
   */
  async read(nowMs: number): Promise<boolean> {
    const newestBeforeMs = this.#newestSeenMs;
    const audited = await findNewestAuditId(this.#db);
    const isLongAgo = nowMs - this.#readAllAtMs > READ_ALL_MS[dialectOf(this.#db)];
    const isAllDue = audited !== this.#audited || isLongAgo;
    if (isAllDue) await this.#readAll(nowMs);
    // A clock that was set back must not leave the newest in the future.
    else await this.#readSeenSince(Math.min(this.#newestSeenMs, nowMs) - BEHIND_MS, nowMs);
    this.#audited = audited;
    return isAllDue || this.#newestSeenMs > newestBeforeMs;
  }

  /** Judges everything by the clock: a device that falls silent changes no data. */
  async judge(nowMs: number): Promise<void> {
    this.#watch = await readWatch(this.#db, nowMs);
    let sinceMs = performance.now();
    for (const root of this.#fleet.roots) {
      judgeCustomer(root, this.#watch);
      if (performance.now() - sinceMs < JUDGED_AT_ONCE_MS) continue;
      await nextTurn();
      sinceMs = performance.now();
    }
  }

  /** Into the tree as it is, not beside it: two of them would take twice the memory. */
  async #readAll(nowMs: number): Promise<void> {
    const { items: customers } = await listCustomers(this.#db);
    const fleet = buildFleet<StateRow>(customers);
    for (const [slug, node] of fleet.customers) {
      node.machines = this.#fleet.customers.get(slug)?.machines ?? node.machines;
    }
    this.#texts = new Map();
    const found = new Set<SoftwareNode>();
    await this.#readInto(fleet, { customers, nowMs }, (node) => found.add(node));
    removeAllBut(found, fleet);
    this.#fleet = fleet;
    this.#readAllAtMs = nowMs;
  }

  async #readSeenSince(seenSinceMs: number, nowMs: number): Promise<void> {
    const { items: customers } = await listCustomers(this.#db);
    await this.#readInto(this.#fleet, { customers, seenSinceMs, nowMs });
  }

  async #readInto(
    fleet: Fleet<StateRow>,
    scope: StateScope,
    onNode: (node: SoftwareNode) => void = () => {},
  ): Promise<void> {
    for await (const states of readStates(this.#db, { ...scope, pageRows: PAGE_ROWS })) {
      for (const state of states) {
        this.#shareTexts(state);
        const node = putState(fleet, state);
        if (node) onNode(node);
        this.#newestSeenMs = Math.max(this.#newestSeenMs, state.last_seen_at);
      }
      await nextTurn();
    }
  }

  #shareTexts(state: StateRow): void {
    state.customer = this.#share(state.customer);
    state.software = this.#share(state.software);
    if (state.version !== null) state.version = this.#share(state.version);
    if (state.status !== null) state.status = this.#share(state.status);
    if (state.worst_text !== null) state.worst_text = this.#share(state.worst_text);
  }

  #share(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

/** What is no longer in the database was forgotten by an operator. */
function removeAllBut(found: ReadonlySet<SoftwareNode>, { customers }: Fleet<StateRow>): void {
  for (const { machines } of customers.values()) {
    for (const [name, machine] of machines) {
      if (machine.software.every((node) => found.has(node))) continue;
      machine.software = machine.software.filter((node) => found.has(node));
      if (machine.software.length === 0) machines.delete(name);
    }
  }
}
