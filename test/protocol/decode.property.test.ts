import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatchLine } from '../../src/protocol/batch-line.ts';
import { decodeCheck } from '../../src/protocol/check.ts';
import { decodeMessage } from '../../src/protocol/decode.ts';
import { jsonValue, messageKind, nearPayload } from './arbitraries.ts';

const anyBody = fc.oneof(nearPayload, jsonValue, fc.anything());

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isStorable);
  return typeof value !== 'object' || value === null || Object.values(value).every(isStorable);
}

describe('decoding, for all values', () => {
  it('never throws, on JSON or anything else', () => {
    fc.assert(
      fc.property(messageKind, anyBody, (kind, value) => {
        decodeMessage(kind, value);
        decodeBatchLine(value);
        decodeCheck(value);
      }),
      { numRuns: 4000 },
    );
  });

  it('lets only storable text and finite numbers through', () => {
    fc.assert(
      fc.property(messageKind, nearPayload, (kind, value) => {
        const decoded = decodeMessage(kind, value);
        if (decoded.ok) expect(decoded.message).toSatisfy(isStorable);
      }),
      { numRuns: 4000 },
    );
  });

  it('bounds errors and warnings and keeps them printable', () => {
    fc.assert(
      fc.property(messageKind, anyBody, (kind, value) => {
        const decoded = decodeMessage(kind, value);
        const texts = decoded.ok
          ? decoded.warnings
          : decoded.errors.map(({ path, message }) => `${path} ${message}`);
        expect(texts.length).toBeLessThanOrEqual(20);
        for (const text of texts) {
          expect(text.length).toBeLessThan(200);
          expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('does not change the value it reads', () => {
    fc.assert(
      fc.property(messageKind, nearPayload, (kind, value) => {
        const before = JSON.stringify(value);
        decodeMessage(kind, value);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });
});
