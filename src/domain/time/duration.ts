import { FleetError } from '../errors.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/**
 * The longest duration and the furthest instant that can be entered; more is a typo. Ten years with
 * three leap days.
 */
export const TEN_YEARS_MS = 3653 * DAY_MS;

export const DURATION_EXAMPLES = '90s, 5m, 12h, 30d or 1d12h';

// Largest first. Months and years are left out on purpose: they have no fixed length, and 'm' is
// taken by minutes.
const UNITS: readonly { letter: string; ms: number }[] = [
  { letter: 'w', ms: WEEK_MS },
  { letter: 'd', ms: DAY_MS },
  { letter: 'h', ms: HOUR_MS },
  { letter: 'm', ms: MINUTE_MS },
  { letter: 's', ms: SECOND_MS },
];

// Weeks are read but not written: '90d' comes back as it was entered, not as '12w6d'.
const WRITTEN_UNITS = UNITS.filter((unit) => unit.letter !== 'w');

const CHAIN = new RegExp(`^(?=.)${UNITS.map(({ letter }) => `(?:(\\d+)${letter})?`).join('')}$`);

/**
 * Returns whether the text is a duration by its grammar: whole numbers with a unit, larger units
 * first.
 */
export function isDuration(text: string): boolean {
  return CHAIN.test(text);
}

/**
 * Returns the milliseconds of a duration such as `5m` or `1d12h`.
 * Throws a usage error with examples for any other text and for more than ten years.
 */
export function parseDuration(text: string): number {
  const amounts = CHAIN.exec(text)?.slice(1);
  if (amounts === undefined)
    throw refuseDuration(
      text,
      'is not a duration: write whole numbers with a unit, larger units first',
    );
  const ms = UNITS.reduce((sum, unit, index) => sum + Number(amounts[index] ?? 0) * unit.ms, 0);
  if (ms > TEN_YEARS_MS) throw refuseDuration(text, 'is more than ten years; write less');
  return ms;
}

/**
 * Returns a duration for people, with its two largest units that are not zero next to each other:
 * `12 m`, `3 h 20 m`.
 */
export function formatDuration(ms: number): string {
  const parts = splitDuration(ms);
  const first = parts.findIndex((part) => part.amount > 0);
  if (first === -1) return '0 s';
  return joinParts(parts.slice(first, first + 2), ' ', ' ');
}

/** Returns a duration as `parseDuration` reads it, exact to the second: `1d12h`. */
export function formatDurationCompact(ms: number): string {
  return joinParts(splitDuration(ms), '', '') || '0s';
}

/** Returns a duration rounded down to its largest unit: `3 m`, `12 d`; `0 s` below a second. */
export function formatDurationRough(ms: number): string {
  return formatDuration(ms).split(' ', 2).join(' ');
}

type Part = { amount: number; letter: string };

function splitDuration(ms: number): Part[] {
  let rest = Math.max(0, ms);
  return WRITTEN_UNITS.map((unit) => {
    const amount = Math.floor(rest / unit.ms);
    rest -= amount * unit.ms;
    return { amount, letter: unit.letter };
  });
}

function joinParts(parts: Part[], withinPart: string, betweenParts: string): string {
  return parts
    .filter((part) => part.amount > 0)
    .map((part) => `${part.amount}${withinPart}${part.letter}`)
    .join(betweenParts);
}

function refuseDuration(text: string, problem: string): FleetError {
  return new FleetError('usage', `"${text}" ${problem}, such as ${DURATION_EXAMPLES}.`);
}
