import type { Health, HealthReason } from '../../domain/health/judge.ts';
import type { Light } from '../../domain/health/light.ts';
import { printable } from '../../domain/text/printable.ts';
import { paint } from '../colour.ts';
import type { Column, Field } from '../table.ts';
import { formatSince } from '../time.ts';

/** Told apart by their forms as well: neither colours nor words reach everybody at a glance. */
const LOOKS = {
  red: { symbol: '✖', format: 'red' },
  yellow: { symbol: '▲', format: 'yellow' },
  green: { symbol: '✔', format: 'green' },
  grey: { symbol: '○', format: 'gray' },
} as const satisfies Record<Light, object>;

const LONGEST_WORD = 'yellow'.length;

/** Returns the symbol of a light. */
export function symbolOf(light: Light): string {
  return LOOKS[light].symbol;
}

/** Returns a light as a symbol and its word, such as `✖ red`. */
export function describeLight(light: Light): string {
  return `${symbolOf(light)} ${light}`;
}

/** Returns a text in the colour of the light, where stdout may be coloured. */
export function paintLight(light: Light, text: string): string {
  return paint(LOOKS[light].format, text);
}

/** Returns the symbol of the light alone, in its colour. */
export function renderSymbol(light: Light): string {
  return paintLight(light, symbolOf(light));
}

/** Returns the light in its colour, as wide as every other. */
export function renderLight(light: Light): string {
  return paintLight(light, `${symbolOf(light)} ${light.padEnd(LONGEST_WORD)}`);
}

/** Returns a reason as one printable line: `no heartbeat for 3 h (limit 5 m), since 14:02 (3 h ago)`. */
export function formatReason({ text, since }: HealthReason, nowMs: number): string {
  const told = printable(text);
  return since === null ? told : `${told}, since ${formatSince(since, nowMs)}`;
}

/** Returns the lines of a `show` page about the light, and each reason why it is not green. */
export function listHealth({ light, reasons }: Health, nowMs: number): Field[] {
  const told = reasons.map((reason): Field => ['', formatReason(reason, nowMs)]);
  return [['health', describeLight(light)], ...told];
}

type Judged = { health: Health };

/** The first column of a list. */
export const LIGHT_COLUMN: Column<Judged> = {
  header: 'HEALTH',
  value: ({ health }) => describeLight(health.light),
  paint: (cell, { health }) => paintLight(health.light, cell),
  isWhole: true,
};

/** Why the light is not green: the last column, which is cut first. */
export const REASON_COLUMN: Column<Judged> = {
  header: 'WHY',
  value: ({ health }) => health.reasons.map(({ text }) => text).join('; '),
  needs: 30,
};
