import { randomInt } from 'node:crypto';

// Crockford's base 32: sorts like its numbers, and has no letters that are read for others.
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 9;
const RANDOM_DIGITS = 6;

/** Returns a new id of 15 characters that sorts by time to the millisecond; the rest is 30 random bits. */
export function createTimeOrderedId(nowMs: number): string {
  return encode(nowMs, TIME_DIGITS) + encode(randomInt(32 ** RANDOM_DIGITS), RANDOM_DIGITS);
}

function encode(number: number, digits: number): string {
  let text = '';
  for (
    let rest = Math.max(0, Math.floor(number));
    text.length < digits;
    rest = Math.floor(rest / 32)
  ) {
    text = `${DIGITS[rest % 32]}${text}`;
  }
  return text;
}
