/** The fleet as it stands in memory, kept up to date with what changed since it was read last. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { listCustomers } from '../../db/customers/customers.ts';
import { readStates, type StateRow } from '../../db/health/states.ts';
import { readWatch } from '../../db/health/watch.ts';
import type { Customer, Database } from '../../db/schema.ts';
import { buildFleet, type Fleet, judgeFleet, putState } from '../../domain/health/fleet.ts';
import type { Watch } from '../../domain/health/watch.ts';

/**
 * Nodes note a receipt by their own clocks and commit it a little later: what is this much older
 * than the newest that was seen may still be news.
 */
const BEHIND_MS = 10_000;

/** What was missed, as by a clock that is further off, is found after this long at the latest. */
const READ_ALL_MS = 60_000;

export class FleetModel {
  readonly #db: Kysely<Database>;
  #fleet: Fleet<StateRow> = buildFleet([]);
  #watch: Watch = { nowMs: 0, watchedUntilMs: null, unobserved: [], overdueAfterMs: 0 };
  #newestSeenMs = 0;
  #readAllAtMs = Number.NEGATIVE_INFINITY;
  /** The newest entry of the audit trail: every change that no device made is in it. */
  #audited = '';

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

  /** Reads what changed. Devices change only what they are seen with; operators are read after in full. */
  async read(nowMs: number): Promise<void> {
    const audited = await this.#readNewestAudit();
    const isAllDue = audited !== this.#audited || nowMs - this.#readAllAtMs > READ_ALL_MS;
    if (isAllDue) await this.#readAll(nowMs);
    else await this.#readSeenSince(this.#newestSeenMs - BEHIND_MS, nowMs);
    this.#audited = audited;
  }

  /** Judges everything by the clock: a device that falls silent changes no data. */
  async judge(nowMs: number): Promise<void> {
    this.#watch = await readWatch(this.#db, nowMs);
    judgeFleet(this.#fleet, this.#watch);
  }

  async #readAll(nowMs: number): Promise<void> {
    const customers = await this.#listCustomers();
    const fleet = buildFleet<StateRow>(customers);
    await this.#readInto(fleet, { customers, nowMs });
    this.#fleet = fleet;
    this.#readAllAtMs = nowMs;
  }

  async #readSeenSince(seenSinceMs: number, nowMs: number): Promise<void> {
    const customers = await this.#listCustomers();
    await this.#readInto(this.#fleet, { customers, seenSinceMs, nowMs });
  }

  async #readInto(
    fleet: Fleet<StateRow>,
    scope: { customers: readonly Customer[]; seenSinceMs?: number; nowMs: number },
  ): Promise<void> {
    for await (const states of readStates(this.#db, scope)) {
      for (const state of states) {
        putState(fleet, state);
        this.#newestSeenMs = Math.max(this.#newestSeenMs, state.last_seen_at);
      }
      // The driver of SQLite blocks: questions of the terminal are answered between two pages.
      await nextTurn();
    }
  }

  async #listCustomers(): Promise<Customer[]> {
    return (await listCustomers(this.#db)).items;
  }

  async #readNewestAudit(): Promise<string> {
    const newest = await this.#db
      .selectFrom('audit')
      .select('id')
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return newest?.id ?? '';
  }
}
