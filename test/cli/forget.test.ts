import { expect, it } from 'vitest';
import { askToForget } from '../../src/cli/forget/present.ts';
import type { ForgetRequest } from '../../src/db/forget/forget.ts';
import type { ForgetTarget } from '../../src/db/forget/targets.ts';

const NOW_MS = Date.UTC(2026, 0, 1);

const on = (machine: string, instances: number, software?: string): ForgetTarget => ({
  ...{ customer: 'acme', machine, instances },
  ...(software !== undefined && { software }),
});

it.each([
  [{ level: 'machine', targets: [on('pc-1', 1)] }, 'acme/pc-1 with 1 software instance'],
  [
    { level: 'machine', targets: [on('pc-1', 1), on('pc-2', 3)] },
    '2 machines with 4 software instances',
  ],
  [{ level: 'software', targets: [on('pc-1', 2, 'app')] }, 'acme/pc-1/app'],
  [
    { level: 'software', targets: [on('pc-1', 1, 'app')] },
    'acme/pc-1/app and 1 machine that will have no software left',
  ],
  [
    {
      level: 'software',
      targets: [on('pc-1', 2, 'app'), on('pc-1', 2, 'web'), on('pc-2', 2, 'app')],
    },
    '3 software instances and 1 machine that will have no software left',
  ],
] as [ForgetRequest, string][])('asks with what goes away: %j', (request, what) => {
  expect(askToForget(request, NOW_MS)).toBe(`Forget ${what}, with state and history?`);
});

it('asks with the instant that a time stands for', () => {
  const request = { level: 'machine', targets: [on('pc-1', 1)], unseenSinceMs: 0 } as const;
  expect(askToForget(request, NOW_MS)).toMatch(/history, not seen since 1970-01-01 .+ ago\)\?$/);
});
