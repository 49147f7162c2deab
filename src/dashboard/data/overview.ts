import type { LightCounts } from '../../domain/health/light.ts';
import type { Rates } from './rates.ts';

/** What stands above every screen; sent whenever the fleet was judged anew. */
export interface Overview {
  /** Grows with each judgement: what a screen shows may be out of date. */
  revision: number;
  /** Of which instant this is, epoch ms. */
  atMs: number;
  /** Machines by light. */
  counts: LightCounts;
  /** When a server listened last: `atMs` while one does, null where none ever did. */
  watchedUntilMs: number | null;
  rates: Rates;
  /** Why the database does not answer, and how old the rest is by now. */
  away: { message: string; ageMs: number } | null;
}
