import { describe, expect, it } from 'vitest';
import { type LimitValues, limitFlags, readLimits } from '../../src/cli/serve/limit-flags.ts';

const DEFAULTS = Object.fromEntries(
  Object.entries(limitFlags).map(([name, flag]) => [name, flag.default]),
) as unknown as LimitValues;

describe('the limits of a server', () => {
  it('agree with each other by default', () => {
    expect(readLimits(DEFAULTS).limits.machinesPerCustomer).toBe(100_000);
  });

  it.each([
    ['queue-bytes', 'batch-bytes'],
    ['upload-bytes', 'batch-bytes'],
    ['queue-bytes', 'body-bytes'],
    ['upload-bytes', 'body-bytes'],
  ] as const)('are refused where --%s leaves no room for --%s', (passage, body) => {
    const flags = {
      ...DEFAULTS,
      [passage]: 1_000,
      'batch-bytes': 1,
      'body-bytes': 1,
      [body]: 1_001,
    };
    expect(() => readLimits(flags)).toThrow(
      expect.objectContaining({
        exit: 2,
        message: `--${passage} 1000 leaves no room for what --${body} 1001 allows.`,
        hint: `fleet serve --${passage} 1001`,
      }),
    );
  });
});
