/** What is the matter with what has registered, where no refusal explains it. */

import type { HealthReason, HealthReasonCode } from '../health/judge.ts';
import { sumLights } from '../health/light.ts';
import type { Hint } from '../rejections/hints.ts';
import { slugCommand } from '../slug-command.ts';
import { countNoun } from '../text/count.ts';
import { formatRelative } from '../time/instant.ts';
import type { TokenState } from '../tokens/token-state.ts';
import { expiresSoon } from '../tokens/token-state.ts';
import type { Evidence, ScopeState, TokenEvidence } from './evidence.ts';
import { HEALTH_ADVICE } from './health-advice.ts';
import { isMissed } from './refusals.ts';
import { type Situation, situation } from './situation.ts';
import { renewToken, rotateToken, showFocus } from './steps.ts';
import { joinPath } from './target.ts';

export const HEALTH: readonly Situation[] = [
  describeSilence('revoked', 'was revoked'),
  describeSilence('expired', 'has expired'),
  ...(Object.keys(HEALTH_ADVICE) as HealthReasonCode[]).map(describeReason),
  situation({
    code: 'token_expiring',
    when: 'all is well, but the token expires within a week',
    find: ({ state, token, watch: { nowMs } }) =>
      state && token && expiresSoon(token, nowMs) ? { state, token } : null,
    tell: ({ state, token }, evidence) => {
      const when = formatRelative(token.expires_at ?? 0, evidence.watch.nowMs);
      return `${describeHealthy(state, evidence)}, but its token ${token.id} expires ${when}.`;
    },
    advise: ({ token }) => rotateToken(token),
  }),
  situation({
    code: 'healthy',
    when: 'all is well',
    find: ({ state }) => state,
    tell: (state, evidence) => `${describeHealthy(state, evidence)}.`,
    advise: (state, evidence) => [showTarget(state, evidence)],
  }),
];

/** Whether the token ended before or after the silence began: it keeps the device from coming back. */
function describeSilence(ending: Exclude<TokenState, 'active'>, words: string): Situation {
  return situation({
    code: `silent_token_${ending}`,
    when: `it is silent, nothing was refused, and the token it spoke with ${words}`,
    find: (evidence) => findSilent(evidence, ending),
    tell: ({ state, token }) =>
      `${describeLight(state)}; its token ${token.id} ${words}, so that it will be refused when it comes back.`,
    advise: ({ state, token }, evidence) => [
      renewToken(token),
      ...HEALTH_ADVICE.overdue.advise(state.focus, evidence),
    ],
  });
}

function findSilent(
  evidence: Evidence,
  ending: TokenState,
): { state: ScopeState; token: TokenEvidence } | null {
  const { state, token } = evidence;
  return state && token?.state === ending && isMissed(evidence) ? { state, token } : null;
}

function describeReason(code: HealthReasonCode): Situation {
  return situation({
    code,
    when: HEALTH_ADVICE[code].when,
    find: ({ state }) => (state && firstReason(state)?.code === code ? state : null),
    tell: (state) => `${describeLight(state)}.`,
    advise: ({ focus }, evidence) => HEALTH_ADVICE[code].advise(focus, evidence),
  });
}

function firstReason({ focus }: ScopeState): HealthReason | undefined {
  return focus.health.reasons[0];
}

function describeLight(state: ScopeState): string {
  const text = firstReason(state)?.text.replace(/\.$/, '');
  return `${joinPath(state.focus)} is ${state.focus.health.light}: ${text}`;
}

function describeHealthy({ counts, lastBeatAtMs }: ScopeState, { target, watch }: Evidence) {
  const path = `${joinPath(target)} is healthy`;
  if (counts === null) {
    return `${path}: its last heartbeat came ${formatRelative(lastBeatAtMs ?? 0, watch.nowMs)}`;
  }
  const total = sumLights(counts.lights);
  return `${path}: ${counts.lights.green} green of ${countNoun(total, counts.of)}`;
}

function showTarget({ focus }: ScopeState, { target }: Evidence): Hint {
  const { customer, machine, software } = target;
  const text = 'Nothing is to be done. See what it said last.';
  if (software !== null) return showFocus(focus, text);
  const command =
    machine === null
      ? slugCommand`fleet health ${customer}`
      : slugCommand`fleet machine show ${customer}/${machine}`;
  return { text, command };
}
