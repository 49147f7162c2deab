import type { RejectionEntry } from '../../db/rejections/entries.ts';
import { LIGHTS, type Light } from '../../domain/health/light.ts';
import { isWatched, type Watch } from '../../domain/health/watch.ts';
import type { Hint } from '../../domain/hints.ts';
import { formatRelative } from '../../domain/instant.ts';
import { printable } from '../../domain/printable.ts';
import type { ScopeState, TokenEvidence } from '../../domain/why/evidence.ts';
import { selectRefusals } from '../../domain/why/refusals.ts';
import { joinPath } from '../../domain/why/target.ts';
import { paint } from '../colour.ts';
import { describeTarget } from '../rejections/present.ts';
import { renderFields } from '../table.ts';
import { formatWhen, formatWhenKnown } from '../time.ts';
import type { Explanation } from './present.ts';

type Field = readonly [string, string | null];

const COLOURS = { red: 'red', yellow: 'yellow', green: 'green', grey: 'dim' } as const;

/** Returns the verdict for people: in one sentence, then what it follows from, then what to do. */
export function renderExplanation(explanation: Explanation): string {
  const { finding, evidence } = explanation;
  const light = evidence.state?.focus.health.light ?? 'grey';
  return [
    `${paint(COLOURS[light], '●')} ${printable(finding.text)}`,
    renderFields(listEvidence(explanation)),
    ['Next:', ...finding.steps.map(renderStep)].join('\n'),
  ].join('\n\n');
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
  const { light, reasons } = focus.health;
  const told = reasons.map(({ text, since }) => describeReason(text, since, nowMs));
  const below: Field[] =
    counts === null
      ? []
      : [
          [`${counts.of}s`, describeCounts(counts.lights)],
          ['worst', joinPath(focus)],
        ];
  return [
    ...below,
    ['health', told.length === 0 ? light : `${light}: ${told.join('; ')}`],
    ['last accepted', formatWhen(state.lastAcceptedAtMs, nowMs)],
    ['last heartbeat', formatWhenKnown(state.lastBeatAtMs, nowMs) ?? 'never'],
  ];
}

function describeReason(text: string, sinceMs: number | null, nowMs: number): string {
  return sinceMs === null ? text : `${text}, since ${formatWhen(sinceMs, nowMs)}`;
}

function describeCounts(lights: Readonly<Record<Light, number>>): string {
  const present = LIGHTS.filter((light) => lights[light] > 0);
  return present.map((light) => `${lights[light]} ${light}`).join(', ');
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

function renderStep({ text, command }: Hint, at: number): string {
  const line = `  ${at + 1}. ${printable(text)}`;
  return command === null ? line : `${line}\n     ${command}`;
}
