import type { Light } from '../domain/health/light.ts';
import { type Span, span, type Tone } from './line.ts';

const LOOKS: Readonly<Record<Light, { symbol: string; tone: Tone }>> = {
  red: { symbol: '✖', tone: 'red' },
  yellow: { symbol: '▲', tone: 'yellow' },
  green: { symbol: '●', tone: 'green' },
  grey: { symbol: '○', tone: 'dim' },
};

/** Returns a light as symbol and word, in its colour. */
export function showLight(light: Light): Span {
  const { symbol, tone } = LOOKS[light];
  return span(`${symbol} ${light}`, tone);
}

/** Returns how many show a light, in its colour. */
export function showCount(count: number, light: Light): Span {
  const { symbol, tone } = LOOKS[light];
  return span(`${symbol} ${count} ${light}`, tone);
}
