/** The life of a device as the messages that it sends: first its past, then its present. */
import type { MessageKind } from '../protocol/messages.ts';
import type { Device } from './fleet.ts';
import type { Pace } from './pace.ts';
import { createRandom, type Random } from './random.ts';
import type { Phase } from './scenario/behaviours.ts';
import { Voice } from './voice.ts';

export interface DeviceMessage {
  device: Device;
  /** Milliseconds from the start of the demo; below 0 in the past. */
  atMs: number;
  kind: MessageKind;
  payload: Readonly<Record<string, unknown>>;
}

/** A phase and the moments of it at which the device speaks. */
interface Stretch {
  phase: Phase;
  fromMs: number;
  moments: number[];
}

const MINUTE_MS = 60_000;
const ALL: readonly MessageKind[] = ['heartbeat', 'status', 'diagnostics'];
/** Status and diagnostics go with the first heartbeat of a phase, and then with every fourth. */
const BEATS_PER_REPORT = 4;

/** Yields what the device sends, in order; without end, unless it has gone. */
export function* tellLife(device: Device, pace: Pace): Generator<DeviceMessage> {
  const random = createRandom(device.seed);
  const past = layOutPast(device, pace, random);
  const voice = new Voice(device, random, past[0]?.fromMs ?? 0);
  for (const stretch of past) yield* speak(voice, device, stretch);
  for (const stretch of layOutPresent(device, pace)) yield* speak(voice, device, stretch);
}

/**
 * Of a phase in the past the first and the last heartbeat tell all; the last one lies as close to
 * its end as a device that beats as now would have set it.
 */
function layOutPast({ behaviour, turn }: Device, pace: Pace, random: Random): Stretch[] {
  const lengths = behaviour.past.map(({ lasts }) => lasts * MINUTE_MS * random.between(0.85, 1.15));
  let fromMs = -lengths.reduce((sum, each) => sum + each, 0);
  return behaviour.past.map((phase, index) => {
    const toMs = fromMs + (lengths[index] ?? 0);
    const lastMs = toMs - turn * pace.beatMs;
    const moments = listMoments(fromMs, lastMs, pace.pastBeatMs);
    const stretch = { phase, fromMs, moments: lastMs > fromMs ? [...moments, lastMs] : [fromMs] };
    fromMs = toMs;
    return stretch;
  });
}

function* layOutPresent({ behaviour, turn }: Device, { beatMs }: Pace): Generator<Stretch> {
  if (behaviour.present.length === 0) return;
  for (let fromMs = (1 - turn) * beatMs; ; ) {
    for (const phase of behaviour.present) {
      const toMs = fromMs + phase.lasts * beatMs;
      yield { phase, fromMs, moments: listMoments(fromMs, toMs - beatMs / 2, beatMs) };
      fromMs = toMs;
    }
  }
}

function listMoments(fromMs: number, toMs: number, everyMs: number): number[] {
  const count = Math.max(0, Math.ceil((toMs - fromMs) / everyMs));
  return Array.from({ length: count }, (_, index) => fromMs + index * everyMs);
}

function* speak(
  voice: Voice,
  device: Device,
  { phase, fromMs, moments }: Stretch,
): Generator<DeviceMessage> {
  voice.enter(phase, fromMs);
  for (const [index, atMs] of moments.entries()) {
    for (const kind of phase.sends ?? ALL) {
      if (kind !== 'heartbeat' && index % BEATS_PER_REPORT !== 0) continue;
      const payload = voice.say(kind, phase, atMs);
      if (payload) yield { device, atMs, kind, payload };
    }
  }
}
