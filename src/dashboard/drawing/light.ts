import { describeLight, symbolOf } from '../../cli/health/light.ts';
import type { Light } from '../../domain/health/light.ts';
import { type Span, span, type Tone } from './line.ts';

const TONES: Readonly<Record<Light, Tone>> = {
  red: 'red',
  yellow: 'yellow',
  green: 'green',
  grey: 'dim',
};

/** Returns a light as symbol and word, in its colour. */
export function showLight(light: Light): Span {
  return span(describeLight(light), TONES[light]);
}

/** Returns how many show a light, in its colour. */
export function showCount(count: number, light: Light): Span {
  return span(`${symbolOf(light)} ${count} ${light}`, TONES[light]);
}
