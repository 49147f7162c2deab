import type { RejectionEntry } from '../../db/rejections/entries.ts';
import { describeLights } from '../../domain/health/reasons.ts';
import { isWatched, type Watch } from '../../domain/health/watch.ts';
import type { Hint } from '../../domain/rejections/hints.ts';
import { printable } from '../../domain/text/printable.ts';
import { formatRelative } from '../../domain/time/instant.ts';
import type { ScopeState, TokenEvidence } from '../../domain/why/evidence.ts';
import { selectRefusals } from '../../domain/why/refusals.ts';
import { joinPath } from '../../domain/why/target.ts';
import { listHealth, renderSymbol } from '../health/light.ts';
import { describeTarget } from '../rejections/present.ts';
import { joinSections } from '../section.ts';
import { type Field, renderFields } from '../table.ts';
import { formatWhen, formatWhenKnown } from '../time.ts';
import { foldText } from '../width.ts';
import type { Explanation } from './present.ts';

/** Returns the verdict for people: in one sentence, then what it follows from, then what to do. */
export function renderExplanation(
  explanation: Explanation,
  { width }: { width?: number | undefined } = {},
): string {
  const { finding, evidence } = explanation;
  const symbol = renderSymbol(evidence.state?.focus.health.light ?? 'grey');
  const steps = finding.steps.map((step, at) => renderStep(step, { at, width }));
  return joinSections([
    `${symbol} ${foldText(printable(finding.text), { width, indent: '  ' })}`,
    renderFields(listEvidence(explanation), { width }),
    ['Next:', ...steps].join('\n'),
  ]);
}

function listEvidence({ evidence }: Explanation): Field[] {
  const { state, token, watch } = evidence;
  const { nowMs } = watch;
  return [
    ...listState(state, nowMs),
    ...selectRefusals(evidence).map((each) => describeRejection(each, nowMs)),
    ['token', token === null ? 'none' : describeToken(token, nowMs)],
    ['server', describeServer(evidence.servers, watch)],
  ];
}

function listState(state: ScopeState | null, nowMs: number): Field[] {
  if (state === null) return [['last accepted', 'never']];
  const { focus, counts } = state;
  const below: Field[] =
    counts === null
      ? []
      : [
          [`${counts.of}s`, describeLights(counts.lights)],
          ['worst', joinPath(focus)],
        ];
  return [
    ...below,
    ...listHealth(focus.health, nowMs),
    ['last accepted', formatWhen(state.lastAcceptedAtMs, nowMs)],
    ['last heartbeat', formatWhenKnown(state.lastBeatAtMs, nowMs) ?? 'never'],
  ];
}

function describeRejection(entry: RejectionEntry, nowMs: number): Field {
  const { reason, count, last_at, address, detail, solved } = entry;
  const times = `×${count}${solved ? ', solved' : ''}`;
  const what = `${reason} ${times} ${describeTarget(entry)} from ${address}: ${detail}`;
  return ['refused', `${formatRelative(last_at, nowMs)}  ${what}`];
}

function describeToken(token: TokenEvidence, nowMs: number): string {
  const { id, customer, state, expires_at, revoked_at, last_used_at, successor } = token;
  const ends = { active: expires_at, expired: expires_at, revoked: revoked_at }[state];
  const verb = { active: 'expires', expired: 'expired', revoked: 'revoked' }[state];
  return [
    `${id} of ${customer}`,
    ends === null ? 'never expires' : `${verb} ${formatWhen(ends, nowMs)}`,
    last_used_at === null ? 'never used' : `used ${formatRelative(last_used_at, nowMs)}`,
    ...(successor === null ? [] : [`replaced by ${successor}`]),
  ].join(', ');
}

function describeServer(servers: readonly string[], watch: Watch): string {
  if (watch.watchedUntilMs === null) return 'never ran';
  if (!isWatched(watch)) return `last seen ${formatWhen(watch.watchedUntilMs, watch.nowMs)}`;
  return `listens (${servers.join(', ')})`;
}

function renderStep(
  { text, command }: Hint,
  { at, width }: { at: number; width: number | undefined },
): string {
  const indent = '     ';
  const line = `  ${at + 1}. ${foldText(printable(text), { width, indent })}`;
  return command === null ? line : `${line}\n${indent}${command}`;
}
