import { detach, splitsPair } from '../text/well-formed.ts';
import { findSecretRanges } from './secret-ranges.ts';
import type { Range } from './secret-value.ts';

export const REDACTED = '[redacted]';

// Around the offending position, beyond the bytes from the beginning.
const AROUND_CHARACTERS = 512;

/**
 * Returns the text with every secret in it replaced: the presented bearer in any escaped form,
 * tokens of our form, what follows `Bearer`, and values under keys like token, secret, password or
 * authorization, nested or cut off.
 */
export function redactText(text: string, options: { bearer?: string } = {}): string {
  return replaceRanges(text, findSecretRanges(text, options.bearer));
}

export type ExcerptOptions = { maxBytes: number; around?: number; bearer?: string };

/**
 * Returns the first `maxBytes` (UTF-8) of a body, redacted, and, if `around` (a character position
 * in the body) lies behind them, up to 512 characters around it. The whole body is redacted before
 * anything is cut, so no cut can separate a secret from the key that gives it away, or leave half
 * of it.
 */
export function excerptPayload(body: string, { maxBytes, around, bearer }: ExcerptOptions): string {
  const ranges = findSecretRanges(body, bearer);
  const text = replaceRanges(body, ranges);
  const headEnd = measurePrefix(text, maxBytes);
  if (headEnd === text.length) return text;
  const head = text.slice(0, headEnd);
  const center = around === undefined ? -1 : shiftPosition(Math.min(around, body.length), ranges);
  if (center < headEnd) return detach(`${head}${noteCut(text.length - headEnd)}`);
  const start = toBoundary(text, Math.max(headEnd, center - AROUND_CHARACTERS / 2));
  const end = toBoundary(text, Math.min(text.length, center + AROUND_CHARACTERS / 2));
  const window = text.slice(start, end);
  return detach(`${head}${noteCut(start - headEnd)}${window}${noteCut(text.length - end)}`);
}

function noteCut(characters: number): string {
  return characters === 0 ? '' : `… [${characters} characters left out] …`;
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  const pieces: string[] = [];
  let end = 0;
  for (const range of ranges) {
    pieces.push(text.slice(end, range.start), REDACTED);
    end = range.end;
  }
  return pieces.join('') + text.slice(end);
}

function shiftPosition(position: number, ranges: readonly Range[]): number {
  let shift = 0;
  for (const { start, end } of ranges) {
    if (position < end) return Math.min(position, start) + shift;
    shift += REDACTED.length - (end - start);
  }
  return position + shift;
}

// Counts whole characters only, and without encoding more than fits.
function measurePrefix(text: string, maxBytes: number): number {
  return new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read;
}

function toBoundary(text: string, position: number): number {
  return splitsPair(text, position) ? position + 1 : position;
}
