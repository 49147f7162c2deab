import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { demoSchema } from '../../src/cli/schemas/demo.ts';
import { LIGHTS } from '../../src/domain/health/light.ts';
import { createScratchDirectory } from '../support/databases.ts';
import { askKeeper } from '../support/keeper-client.ts';
import { runFleet, startProgram } from '../support/servers.ts';
import { waitFor } from './support.ts';

/** What devices are refused for, with the least number of devices of each. */
const REFUSED = {
  customer_mismatch: 2,
  invalid_payload: 2,
  invalid_slug: 1,
  token_expired: 1,
  token_missing: 1,
  token_revoked: 1,
  token_unknown: 2,
  unknown_endpoint: 1,
};

interface RunningDemo {
  facts: { url: string; database: string; log: string; customers: string[]; machines: number };
  stderr: () => string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test looks at
  json: (...args: string[]) => Promise<any>;
  stop: (signal: NodeJS.Signals) => Promise<{ code: number | null }>;
}

const running = new Set<{ kill: (signal: NodeJS.Signals) => boolean }>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** Starts the smallest demo, with a directory for temporary files of its own. */
async function startDemo(tmp: string): Promise<RunningDemo> {
  const args = ['demo', '--machines', '30', '--json'];
  const { child, output, exited } = startProgram(args, { env: { TMPDIR: tmp } });
  running.add(child);
  const pid = child.pid ?? 0;
  await askKeeper({ do: 'watch', pid });
  exited.then(() => askKeeper({ do: 'unwatch', pid })).catch(() => undefined);
  await waitFor(
    async () => output.stdout,
    (text) => text.endsWith('}\n'),
  );
  const facts = JSON.parse(output.stdout);
  return {
    facts,
    stderr: () => output.stderr,
    json: async (...words) => {
      const env = { FLEET_DATABASE: facts.database };
      return JSON.parse((await runFleet([...words, '--json'], { env })).stdout);
    },
    stop: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

interface Node {
  kind: string;
  health: string;
  children: Node[];
}

const listNodes = (node: Node): Node[] => [node, ...node.children.flatMap(listNodes)];

function countReasons(items: { reason: string }[]): Record<string, number> {
  const byReason = Map.groupBy(items, ({ reason }) => reason);
  return Object.fromEntries([...byReason].map(([reason, all]) => [reason, all.length]));
}

describe('fleet demo', () => {
  it('shows every light and every kind of refusal, and has a past', async () => {
    const demo = await startDemo(await createScratchDirectory());
    expect(demoSchema.safeParse(demo.facts)).toMatchObject({ success: true });
    const health = await demo.json('health');
    const lights = listNodes(health)
      .filter(({ kind }) => kind === 'software')
      .map((node) => node.health);
    expect(LIGHTS.filter((light) => !lights.includes(light))).toEqual([]);
    expect(health.children.map(({ name }: { name: string }) => name)).toHaveLength(3);
    const { items } = await waitFor(
      () => demo.json('rejections', 'list'),
      (list) => list.items.length >= 11,
    );
    expect(countReasons(items)).toEqual(REFUSED);
    const { items: customers } = await demo.json('customer', 'list');
    expect(customers.map(({ slug }: { slug: string }) => slug)).toEqual(demo.facts.customers);
    expect((await demo.json('audit', 'list')).items.length).toBeGreaterThan(10);
    expect((await demo.stop('SIGTERM')).code).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves nothing behind after %s',
    async (signal) => {
      const tmp = await createScratchDirectory();
      const demo = await startDemo(tmp);
      const { database, log } = demo.facts;
      expect(dirname(dirname(database))).toBe(tmp);
      expect(existsSync(log)).toBe(true);
      expect((await demo.stop(signal)).code).toBe(0);
      expect(readdirSync(tmp)).toEqual([]);
      expect(demo.stderr()).toContain('The demo is over');
    },
  );

  it('ends while it is still being prepared', async () => {
    const tmp = await createScratchDirectory();
    const args = ['demo', '--machines', '10000'];
    const { child, output, exited } = startProgram(args, { env: { TMPDIR: tmp } });
    running.add(child);
    await waitFor(
      async () => readdirSync(tmp).flatMap((each) => readdirSync(`${tmp}/${each}`)),
      (files) => files.includes('fleet.db'),
    );
    child.kill('SIGINT');
    expect((await exited).code).toBe(130);
    expect(readdirSync(tmp)).toEqual([]);
    expect(output.stdout).toBe('');
  });

  it.each([
    [['--machines', '5'], /not a whole number from 30 to 10000/],
    [['--machines', '10001'], /not a whole number from 30 to 10000/],
    [['--database', 'fleet.db'], /has a database of its own/],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await runFleet(['demo', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
