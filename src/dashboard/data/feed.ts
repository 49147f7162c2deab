import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { readDataVersion } from '../../db/connection/data-version.ts';
import { dialectOf } from '../../db/connection/dialect.ts';
import { isStorageFailure } from '../../db/connection/errors.ts';
import type { Database } from '../../db/schema.ts';
import { summarizeFleet } from '../../domain/health/fleet.ts';
import { FleetModel } from './fleet-model.ts';
import type { Overview } from './overview.ts';
import { RateMeter } from './rates.ts';

/** At most twice a second where data changed. */
const LOOK_INTERVAL_MS = 500;

/** At least this often, because the clock changes lights as well. */
const JUDGE_INTERVAL_MS = 1_000;

const SAMPLE_INTERVAL_MS = 1_000;

export interface FeedOptions {
  db: Kysely<Database>;
  clock: () => number;
  onOverview: (overview: Overview) => void;
}

/** Keeps the model of the fleet up to date, and tells whoever looks at it. */
export class Feed {
  readonly model: FleetModel;
  readonly #options: FeedOptions;
  readonly #rates: RateMeter;
  #version: number | null = null;
  #judgedAtMs = Number.NEGATIVE_INFINITY;
  #sampledAtMs = Number.NEGATIVE_INFINITY;
  #revision = 0;
  /** Why the database does not answer. */
  #away: string | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
    this.model = new FleetModel(options.db);
    this.#rates = new RateMeter(options.db);
  }

  get revision(): number {
    return this.#revision;
  }

  /** Looks for changes as long as the thread lives; a database that is away is asked again and again. */
  async run(): Promise<never> {
    for (;;) {
      await this.look();
      await sleep(LOOK_INTERVAL_MS);
    }
  }

  /** Reads everything anew. */
  async refresh(): Promise<void> {
    this.#version = null;
    this.model.forget();
    await this.look();
  }

  /** Reads what changed, judges it where that is due, and tells it; one look after the other. */
  async look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookOnce());
    await this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const nowMs = this.#options.clock();
    try {
      const hasChanged = await this.#readChanges(nowMs);
      const isDue = nowMs - this.#judgedAtMs >= JUDGE_INTERVAL_MS;
      if (!hasChanged && !isDue && this.#away === null) return;
      await this.model.judge(nowMs);
      this.#judgedAtMs = nowMs;
      this.#away = null;
    } catch (error) {
      if (!isStorageFailure(error)) throw error;
      // Nothing is there yet that could be shown in the meantime.
      if (this.#revision === 0) throw error;
      this.#away = (error as Error).message;
    }
    this.#tell(nowMs);
  }

  async #readChanges(nowMs: number): Promise<boolean> {
    const { db } = this.#options;
    if (nowMs - this.#sampledAtMs >= SAMPLE_INTERVAL_MS) {
      await this.#rates.sample(nowMs);
      this.#sampledAtMs = nowMs;
    }
    // PostgreSQL has no such number: there it is looked for what was seen since.
    const version = dialectOf(db) === 'sqlite' ? await readDataVersion(db) : null;
    if (version !== null && version === this.#version) return false;
    const isNew = await this.model.read(nowMs);
    this.#version = version;
    return isNew || version !== null;
  }

  #tell(nowMs: number): void {
    this.#revision += 1;
    const { fleet, watch } = this.model;
    this.#options.onOverview({
      revision: this.#revision,
      atMs: watch.nowMs,
      counts: summarizeFleet(fleet).counts,
      watchedUntilMs: watch.watchedUntilMs,
      rates: this.#rates.rates,
      away: this.#away === null ? null : { message: this.#away, ageMs: nowMs - watch.nowMs },
    });
  }
}
