import type { HealthReasonCode } from '../health/judge.ts';
import type { Hint } from '../rejections/hints.ts';
import type { Reason } from '../rejections/reasons.ts';
import type { Evidence } from './evidence.ts';

/** The reason of a refusal, the worst reason of a light, or one of these; scripts rely on them. */
export type VerdictCode =
  | Reason
  | HealthReasonCode
  | 'server_never_ran'
  | 'no_server'
  | 'similar_refused'
  | 'silent_token_revoked'
  | 'silent_token_expired'
  | 'token_expiring'
  | 'healthy'
  | 'customer_unknown'
  | 'no_token'
  | 'tokens_ended'
  | 'similar_known'
  | 'known_elsewhere'
  | 'other_software_reports'
  | 'never_seen';

export interface Finding {
  code: VerdictCode;
  /** One sentence; not made printable, because it quotes the device. */
  text: string;
  /** What to do next, in order: at least one; every command is one of this program. */
  steps: readonly Hint[];
}

/** What can be the matter with a path; of several the first of the table is the verdict. */
export interface Situation {
  code: VerdictCode;
  /** When it is so, for the documentation. */
  when: string;
  judge: (evidence: Evidence) => Finding | null;
}

interface Rule<Fact> {
  code: VerdictCode;
  when: string;
  /** What shows that it is so; null where nothing does. */
  find: (evidence: Evidence) => Fact | null;
  tell: (fact: NonNullable<Fact>, evidence: Evidence) => string;
  advise: (fact: NonNullable<Fact>, evidence: Evidence) => Hint[];
}

/** Returns the situation that a rule describes. */
export function situation<Fact>({ code, when, find, tell, advise }: Rule<Fact>): Situation {
  return {
    code,
    when,
    judge: (evidence) => {
      const fact = find(evidence) ?? null;
      if (fact === null) return null;
      return { code, text: tell(fact, evidence), steps: advise(fact, evidence) };
    },
  };
}
