/** What is known about a path for which someone asks why it does not show up, or is red. */
import type { Health } from '../health/judge.ts';
import type { LightCounts } from '../health/light.ts';
import type { Watch } from '../health/watch.ts';
import type { Hint } from '../rejections/hints.ts';
import type { Reason } from '../rejections/reasons.ts';
import type { TokenState } from '../tokens/token-state.ts';
import type { Target } from './target.ts';

export interface Evidence {
  target: Target;
  watch: Watch;
  /** The servers that listen now, mostly `host:port`. */
  servers: readonly string[];
  /** Null where there is no such customer. */
  customer: { isDeactivated: boolean } | null;
  /** Null where nothing below the path ever registered. */
  state: ScopeState | null;
  /** Requests to the path itself that were refused: the unsolved first, then the newest. */
  refusals: readonly Refusal[];
  /** Those that may be of the same device: to a path that is similar and never registered, or to none; the newest first. */
  similarRefusals: readonly Refusal[];
  /** The one that was last spoken with; where nothing registered, the customer's that is most likely meant. */
  token: TokenEvidence | null;
  /** How many the customer has, and how many of them work. */
  tokens: { total: number; active: number };
  /** Looked for only where nothing registered. */
  neighbours: Neighbours;
}

/** What has registered at or below a path. */
export interface ScopeState {
  /** The instance whose light is the worst. */
  focus: Focus;
  /** Receipt of the last accepted message of them all, and the last heartbeat; epoch ms. */
  lastAcceptedAtMs: number;
  lastBeatAtMs: number | null;
  /** By light: the instances of a machine, or the machines of a customer; null for a single instance. */
  counts: { of: 'instance' | 'machine'; lights: LightCounts } | null;
}

export interface Focus {
  customer: string;
  machine: string;
  software: string;
  /** The code of its worst open diagnostic. */
  worstCode: number | null;
  health: Health;
}

/** A rejection, as far as a verdict needs it; texts as they were sent. */
export interface Refusal {
  id: string;
  reason: Reason;
  customer: string;
  machine: string;
  software: string;
  endpoint: string;
  /** Whether its path has registered. */
  isRegistered: boolean;
  count: number;
  solved: boolean;
  last_at: number;
  hint: Hint;
}

export interface TokenEvidence {
  id: string;
  customer: string;
  state: TokenState;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
  last_used_address: string | null;
  /** The id of the token that took over from it. */
  successor: string | null;
}

export interface Neighbours {
  /** What is known under a similar name, as a path. */
  similar: string | null;
  /** Paths with the same machine and software of other customers. */
  elsewhere: readonly string[];
  /** Other software of the machine that reported, the latest. */
  sibling: { software: string; lastSeenAtMs: number } | null;
}
