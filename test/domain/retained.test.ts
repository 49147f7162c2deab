import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { excerptPayload } from '../../src/domain/secrets/redact.ts';
import { cutText } from '../../src/domain/text/well-formed.ts';
import { cutText as cutWireText } from '../../src/protocol/reading/text.ts';

const MEGABYTE = 1024 * 1024;
const KEPT = 100;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes of the heap that what was cut out of a hundred megabytes keeps alive. */
function measureRetained(cut: (text: string) => unknown): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: KEPT }, (_, index) =>
    cut(JSON.parse(JSON.stringify(`${index} `.repeat(MEGABYTE / 4)))),
  );
  collectGarbage();
  const retained = process.memoryUsage().heapUsed - before;
  expect(kept).toHaveLength(KEPT);
  return retained;
}

describe('what is kept of a long text', () => {
  it.each([
    ['a text for the database', (text: string) => cutText(text, 200)],
    ['a field of a message', (text: string) => cutWireText(text, 200)],
    ['a payload', (text: string) => excerptPayload(text, { maxBytes: 8192 })],
    [
      'a payload around a fault',
      (text: string) => excerptPayload(text, { maxBytes: 8192, around: 500_000 }),
    ],
  ])('is no more than that, for %s', (_, cut) => {
    expect(measureRetained(cut)).toBeLessThan((KEPT * MEGABYTE) / 20);
  });
});
