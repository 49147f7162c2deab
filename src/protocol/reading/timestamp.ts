/** A device's time in epoch milliseconds, and whether it named its time zone. */
export interface Timestamp {
  ms: number;
  isZoned: boolean;
}

/** From here on a number is milliseconds: 1973 as such, while as seconds it were the year 5138. */
const FIRST_MILLISECONDS = 1e11;

/** The years 0000 to 9999, which RFC 3339 can write; microseconds and nanoseconds fall outside. */
const MIN_MS = Date.parse('0000-01-01T00:00:00Z');
const MAX_MS = Date.parse('9999-12-31T23:59:59.999Z');

const MAX_TEXT_LENGTH = 64;

/**
 * RFC 3339, section 5.6, with what devices write besides: no zone (Python's `isoformat`), an offset
 * without its colon (`strftime('%z')`). Second 60 is a leap second (appendix D).
 */
const RFC_3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;

const FRACTION_AT = '2026-01-01T00:00:00'.length;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MINUTE_MS = 60_000;

/** Four centuries always have the same number of days, so the calendar repeats after them. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

/**
 * Returns the time, or null when it is neither RFC 3339 nor a number of seconds or milliseconds.
 */
export function parseTimestamp(value: unknown): Timestamp | null {
  const timestamp = typeof value === 'number' ? readNumber(value) : readText(value);
  if (timestamp === null) return null;
  return timestamp.ms >= MIN_MS && timestamp.ms <= MAX_MS ? timestamp : null;
}

function readNumber(value: number): Timestamp {
  const ms = Math.abs(value) < FIRST_MILLISECONDS ? value * 1000 : value;
  return { ms: Math.round(ms) + 0, isZoned: true };
}

/**
 * The pattern judges the form and the digits are then read by their place: less than half the time
 * that twelve capture groups took (120 to 220 instead of 510 ns), and most messages of our clients
 * have a `ts`.
 */
function readText(text: unknown): Timestamp | null {
  if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH || !RFC_3339.test(text))
    return null;
  const localMs = readLocalMs(text);
  if (localMs === null) return null;
  const zoneAt = findZone(text);
  return { ms: localMs - readOffsetMs(text, zoneAt), isZoned: zoneAt < text.length };
}

/** Moved by a cycle, because Date.UTC takes the years 0 to 99 for 1900 to 1999. */
function readLocalMs(text: string): number | null {
  const year = readDigits(text, 0, 4);
  const month = readDigits(text, 5, 7);
  const day = readDigits(text, 8, 10);
  if (day > countDays(year, month)) return null;
  const hour = readDigits(text, 11, 13);
  const minute = readDigits(text, 14, 16);
  const second = readDigits(text, 17, FRACTION_AT);
  const ms = readMilliseconds(text);
  return Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second, ms) - CYCLE_MS;
}

function countDays(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeapYear ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
}

function readMilliseconds(text: string): number {
  if (text[FRACTION_AT] !== '.') return 0;
  let ms = 0;
  for (let at = FRACTION_AT + 1, weight = 100; weight >= 1 && isDigit(text, at); at += 1) {
    ms += weight * readDigits(text, at, at + 1);
    weight /= 10;
  }
  return ms;
}

/** Returns where the zone begins, or the length of the text where there is none. */
function findZone(text: string): number {
  if (text[FRACTION_AT] !== '.') return FRACTION_AT;
  let at = FRACTION_AT + 1;
  while (isDigit(text, at)) at += 1;
  return at;
}

function readOffsetMs(text: string, zoneAt: number): number {
  const sign = text[zoneAt];
  if (sign !== '+' && sign !== '-') return 0;
  const hours = readDigits(text, zoneAt + 1, zoneAt + 3);
  const offsetMs = (hours * 60 + readDigits(text, text.length - 2, text.length)) * MINUTE_MS;
  return sign === '-' ? -offsetMs : offsetMs;
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}

function readDigits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + text.charCodeAt(at) - 0x30;
  return value;
}
