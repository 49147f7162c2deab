import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';

/** What the servers did, per second; the newest last. */
export interface Rates {
  accepted: number[];
  refused: number[];
}

const KEPT = 60;

interface Sample {
  atMs: number;
  accepted: number;
  refused: number;
}

/** Measures how many messages come in, from the counts that the server nodes keep. */
export class RateMeter {
  readonly #db: Kysely<Database>;
  #last: Sample | null = null;
  readonly #rates: Rates = { accepted: [], refused: [] };

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  get rates(): Rates {
    return this.#rates;
  }

  /** Adds what happened since the last sample. */
  async sample(atMs: number): Promise<void> {
    const { accepted, refused } = await this.#db
      .selectFrom('node')
      .select((eb) => [eb.fn.sum('accepted').as('accepted'), eb.fn.sum('refused').as('refused')])
      .executeTakeFirstOrThrow();
    const sample = { atMs, accepted: Number(accepted ?? 0), refused: Number(refused ?? 0) };
    const last = this.#last;
    this.#last = sample;
    if (last === null || atMs <= last.atMs) return;
    for (const kind of ['accepted', 'refused'] as const) {
      const perSecond = ((sample[kind] - last[kind]) * 1_000) / (atMs - last.atMs);
      // A node that is forgotten takes its count along.
      this.#rates[kind] = [...this.#rates[kind], Math.max(0, perSecond)].slice(-KEPT);
    }
  }
}
