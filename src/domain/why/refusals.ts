/** What is refused now: the cause of a device that does not show up, and often of one that is red. */

import type { Hint } from '../rejections/hints.ts';
import { isOfContent, REASONS, type Reason } from '../rejections/reasons.ts';
import { countNoun } from '../text/count.ts';
import { REJECTION_ENDS_AFTER_MS } from '../time/episodes.ts';
import { formatRelative } from '../time/instant.ts';
import type { Evidence, Refusal } from './evidence.ts';
import { type Situation, situation } from './situation.ts';
import { followLog } from './steps.ts';
import { askWhy, joinPath } from './target.ts';

/** Whether a customer is deactivated is read from the customer: the log may speak of a time before. */
const EXPLAINING = (Object.keys(REASONS) as Reason[]).filter(
  (reason) => REASONS[reason].logged && reason !== 'customer_inactive',
);

const MOST_SHOWN = 5;

export const REFUSALS: readonly Situation[] = [
  ...EXPLAINING.map((reason) =>
    situation({
      code: reason,
      when: `it is refused: ${nameReason(reason)}`,
      find: (evidence) => {
        const refusal = findRefusal(evidence);
        return refusal?.reason === reason ? refusal : null;
      },
      tell: (refusal, evidence) => `${describeRefusal(refusal, evidence)}.`,
      advise: (refusal) => [
        refusal.hint,
        showRefusal(refusal, 'See what was sent, and from which address.'),
        followLog(refusal.customer),
      ],
    }),
  ),
  situation({
    code: 'similar_refused',
    when: 'nothing arrives, and what may be the same device is refused: under a similar path, in a batch, at an endpoint that does not exist, with a token of the customer',
    find: findSimilarRefusal,
    tell: (refusal, evidence) =>
      `${describeAbsence(evidence)}, but ${describeRefusal(refusal, evidence)}.`,
    advise: adviseSimilar,
  }),
];

/** Returns the few refusals to be shown with a verdict: also those of similar paths, where nothing arrives. */
export function selectRefusals<Shown extends Refusal>(
  evidence: Pick<Evidence, 'state'> & {
    refusals: readonly Shown[];
    similarRefusals: readonly Shown[];
  },
): Shown[] {
  const { refusals, similarRefusals } = evidence;
  const all = isMissed(evidence) ? [...refusals, ...similarRefusals] : refusals;
  return all.slice(0, MOST_SHOWN);
}

/** Whether nothing arrives: the path never registered, or it is silent. */
export function isMissed({ state }: Pick<Evidence, 'state'>): boolean {
  return state === null || state.focus.health.reasons[0]?.code === 'overdue';
}

function findRefusal(evidence: Evidence): Refusal | undefined {
  return evidence.refusals.find((refusal) => isCause(refusal, evidence));
}

function findSimilarRefusal(evidence: Evidence): Refusal | undefined {
  if (!isMissed(evidence)) return undefined;
  return evidence.similarRefusals.find((refusal) => isCurrent(refusal, evidence));
}

/**
 * Whether a refusal explains the path. A light with a reason of its own is explained by what was
 * accepted before only, and not by a message that is wrong in itself unless nothing else arrives.
 */
function isCause(refusal: Refusal, evidence: Evidence): boolean {
  if (!EXPLAINING.includes(refusal.reason) || !isCurrent(refusal, evidence)) return false;
  const light = evidence.state?.focus.health.light ?? 'grey';
  if (light === 'green' || light === 'grey') return true;
  return refusal.isRegistered && (!isOfContent(refusal.reason) || isMissed(evidence));
}

/** Whether it is unsolved and goes on, or is the last that was heard. */
function isCurrent({ solved, last_at }: Refusal, { state, watch }: Evidence): boolean {
  if (solved) return false;
  return isOpen(last_at, watch.nowMs) || last_at > (state?.lastAcceptedAtMs ?? 0);
}

function isOpen(lastAtMs: number, nowMs: number): boolean {
  return nowMs - lastAtMs <= REJECTION_ENDS_AFTER_MS;
}

function adviseSimilar(refusal: Refusal, { target }: Evidence): Hint[] {
  const { text, command } = refusal.hint;
  return [
    showRefusal(refusal, 'See from its address and payload whether it is the device.'),
    { text: `If it is, it must post as ${joinPath(target)}. ${text}`, command },
    { text: 'Then ask again.', command: askWhy(target) },
  ];
}

function showRefusal({ id }: Refusal, text: string): Hint {
  return { text, command: `fleet rejections show ${id}` };
}

function describeAbsence({ target, state }: Evidence): string {
  return state === null
    ? `Nothing was ever received from ${joinPath(target)}`
    : `${joinPath(state.focus)} is silent`;
}

function describeRefusal(refusal: Refusal, { watch: { nowMs } }: Evidence): string {
  const { reason, count, last_at } = refusal;
  const verb = isOpen(last_at, nowMs) ? 'is' : 'was';
  const times = count === 1 ? '' : `${countNoun(count, 'time')}, last `;
  const when = `${times}${formatRelative(last_at, nowMs)}`;
  return `${nameTarget(refusal)} ${verb} refused: ${nameReason(reason)} (${when})`;
}

/** With the endpoint, or the path alone where it leads to none. */
function nameTarget({ customer, machine, software, endpoint }: Refusal): string {
  if (endpoint.startsWith('/')) return endpoint;
  return [customer, machine, software, endpoint].filter((part) => part !== '').join('/');
}

function nameReason(reason: Reason): string {
  const { title } = REASONS[reason];
  return title.charAt(0).toLowerCase() + title.slice(1);
}
