import type { GatheredEvidence } from '../../db/why/evidence.ts';
import type { GatheredRefusal } from '../../db/why/refusals.ts';
import type { HealthReason } from '../../domain/health/judge.ts';
import type { TokenEvidence } from '../../domain/why/evidence.ts';
import { selectRefusals } from '../../domain/why/refusals.ts';
import type { Finding } from '../../domain/why/situation.ts';
import { joinPath } from '../../domain/why/target.ts';
import { completeHint, toRejectionJson } from '../rejections/present.ts';
import type { WhyJson } from '../schemas/why.ts';
import { toInstant } from '../time.ts';

/** The verdict on a path, and what it follows from. */
export interface Explanation {
  finding: Finding;
  evidence: GatheredEvidence;
}

/** Makes the commands whole, as by the flags that say where the database is. */
export function completeSteps(
  { finding, evidence }: Explanation,
  complete: (command: string) => string,
): Explanation {
  const steps = finding.steps.map(({ text, command }) => ({
    text,
    command: command === null ? null : complete(command),
  }));
  const completeAll = (all: readonly GatheredRefusal[]) =>
    all.map((each) => ({ ...each, ...completeHint(each, complete) }));
  const refusals = completeAll(evidence.refusals);
  const similarRefusals = completeAll(evidence.similarRefusals);
  return { finding: { ...finding, steps }, evidence: { ...evidence, refusals, similarRefusals } };
}

/** Returns the explanation as JSON shows it. */
export function toWhyJson({ finding, evidence }: Explanation): WhyJson {
  const { target, state, token, watch } = evidence;
  return {
    path: joinPath(target),
    verdict: finding.text,
    verdict_code: finding.code,
    health: state?.focus.health.light ?? null,
    reasons: state?.focus.health.reasons.map(toReasonJson) ?? [],
    worst: state ? joinPath(state.focus) : null,
    last_accepted_at: toInstant(state?.lastAcceptedAtMs ?? null),
    last_heartbeat_at: toInstant(state?.lastBeatAtMs ?? null),
    server_seen_at: toInstant(watch.watchedUntilMs),
    rejections: selectRefusals(evidence).map(toRejectionJson),
    token: token && toTokenJson(token),
    next_steps: [...finding.steps],
  };
}

function toReasonJson({ code, text, since }: HealthReason) {
  return { code, text, since: toInstant(since) };
}

function toTokenJson(token: TokenEvidence) {
  return {
    ...token,
    expires_at: toInstant(token.expires_at),
    revoked_at: toInstant(token.revoked_at),
    last_used_at: toInstant(token.last_used_at),
  };
}
