import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createScratchDirectory } from '../support/databases.ts';
import { runFleet } from '../support/servers.ts';
import { type Following, startFollowing } from './follow.ts';
import { createInstallation, type Installation, post, waitFor } from './support.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCHEMAS = join(ROOT, 'docs/schemas');

interface Run {
  /** The name of the schema in docs/schemas. */
  schema: string;
  argv?: readonly string[];
  input?: string;
}

const PATH = 'my-company/pc-1/app';

/** Every command with its published schema, and arguments with which it succeeds; in this order. */
const RUNS: Readonly<Record<string, Run>> = {
  'audit list': { schema: 'audit-list' },
  completion: { schema: 'completion', argv: ['bash'] },
  'config show': { schema: 'config-shown' },
  copy: { schema: 'copied', argv: ['--to', '<target>'] },
  'customer create': { schema: 'customer-created', argv: ['other'] },
  'customer update': { schema: 'customer', argv: ['other', '--name', 'Other'] },
  'customer show': { schema: 'customer-shown', argv: ['my-company'] },
  'customer list': { schema: 'customer-list' },
  'customer deactivate': { schema: 'customer-deactivated', argv: ['other', '--yes'] },
  'customer activate': { schema: 'customer', argv: ['other'] },
  health: { schema: 'health' },
  dashboard: { schema: 'health' },
  'diagnostics list': { schema: 'diagnostic-list' },
  'diagnostics ack': { schema: 'diagnostic', argv: [PATH, '500', '--note', 'on it'] },
  'diagnostics close': { schema: 'diagnostic', argv: [PATH, '500'] },
  'help exit-codes': { schema: 'exit-codes' },
  'machine list': { schema: 'machine-list' },
  'machine show': { schema: 'machine-shown', argv: ['my-company/pc-1'] },
  'machine update': {
    schema: 'machine',
    argv: ['my-company/pc-1', '--overdue-after', '10m'],
  },
  migrate: { schema: 'migrated' },
  'rejections list': { schema: 'rejection-list' },
  'rejections show': { schema: 'rejection', argv: ['<rejection>'] },
  'rejections clear': { schema: 'rejections-cleared', argv: ['--reason', 'rate_limited', '--yes'] },
  'software list': { schema: 'software-list' },
  'software show': { schema: 'software-shown', argv: [PATH] },
  'software update': { schema: 'software', argv: [PATH, '--overdue-after', '10m'] },
  'token create': { schema: 'token-created', argv: ['my-company'] },
  'token import': { schema: 'token-imported', argv: ['my-company'], input: 'an-old-token-0001\n' },
  'token list': { schema: 'token-list' },
  'token show': { schema: 'token-shown', argv: ['<token>'] },
  'token rotate': { schema: 'token-rotated', argv: ['<token>'] },
  'token revoke': { schema: 'token-revoked', argv: ['<token>', '--yes'] },
  why: { schema: 'why', argv: [PATH] },
  'software forget': { schema: 'software-forgotten', argv: [PATH, '--yes'] },
  'machine forget': {
    schema: 'machine-forgotten',
    argv: ['--not-seen-for', '90d', '--dry-run'],
  },
};

/** Those that run until they are stopped; a test of their own each. */
const FOLLOWED: Readonly<Record<string, string>> = {
  demo: 'demo',
  serve: 'served',
  'diagnostics tail': 'diagnostic',
  'rejections tail': 'rejection',
};

const WITHOUT_JSON: Readonly<Record<string, string>> = {
  complete: 'talks to the completion scripts, in lines that a shell can read',
  help: 'prints help pages for people',
};

function readSchema(name: string): z.ZodType {
  return z.fromJSONSchema(JSON.parse(readFileSync(join(SCHEMAS, `${name}.json`), 'utf8')));
}

describe('the JSON of the built program', () => {
  const ids: Record<string, string> = {};
  let installation: Installation;
  let served: string;
  const tails: Record<string, Following> = {};

  beforeAll(async () => {
    installation = await createInstallation('sqlite');
    await installation.fleet('customer', 'create', 'my-company');
    const { id, token } = await installation.json('token', 'create', 'my-company');
    const server = await installation.serve('--json');
    for (const topic of ['rejections', 'diagnostics']) {
      tails[topic] = startFollowing([topic, 'tail', '--json'], installation.url);
    }
    for (const tail of Object.values(tails)) await tail.ready();
    const url = `${server.url}/api/ingest/${PATH}`;
    await post(`${url}/heartbeat`, { token, body: '{"version":"1.0.0"}' });
    await post(`${url}/diagnostics`, {
      token,
      body: '{"items":[{"code":500,"severity":2,"message":"jam","context":{"axis":[1]}}]}',
    });
    await post(`${url}/heartbeat`, { token: 'wrong' });
    const { items } = await waitFor(
      () => installation.json('rejections', 'list'),
      (list) => list.items.length > 0,
    );
    const target = join(await createScratchDirectory(), 'copy.db');
    Object.assign(ids, { '<token>': id, '<rejection>': items[0].id, '<target>': target });
    await server.stop();
    served = server.stdout();
  });

  afterAll(async () => {
    for (const tail of Object.values(tails)) await tail.interrupt();
    await installation.drop();
  });

  it.each(Object.entries(RUNS))(
    'of "fleet %s" has the published shape',
    async (command, { schema, argv = [], input = '' }) => {
      const args = argv.map((word) => ids[word] ?? word);
      const words = [...command.split(' '), ...args, '--json'];
      const env = { FLEET_DATABASE: installation.url };
      const { code, stdout } = await runFleet(words, { env, input });
      expect(code).toBe(0);
      expect(readSchema(schema).safeParse(JSON.parse(stdout))).toMatchObject({ success: true });
    },
  );

  it('of what runs until it is stopped has the published shape as well', async () => {
    for (const [topic, tail] of Object.entries(tails)) {
      const line = JSON.parse(await tail.nextLine());
      const schema = readSchema(FOLLOWED[`${topic} tail`] ?? '');
      expect(schema.safeParse(line)).toMatchObject({ success: true });
    }
    expect(readSchema('served').safeParse(JSON.parse(served))).toMatchObject({ success: true });
  });

  it('is published for every command but those that have none for a reason', () => {
    const { commands } = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8'));
    const known = [RUNS, FOLLOWED, WITHOUT_JSON].flatMap((table) => Object.keys(table));
    expect(
      Object.keys(commands)
        .map((id) => id.replaceAll(':', ' '))
        .sort(),
    ).toEqual(known.sort());
  });

  it('has no schema that no command uses, alone or in a list', () => {
    const used = [...Object.values(RUNS).map(({ schema }) => schema), ...Object.values(FOLLOWED)];
    const parts = used.flatMap((name) => [name, name.replace(/-list$/, '')]);
    const published = readdirSync(SCHEMAS).map((file) => file.replace(/\.json$/, ''));
    expect(published.filter((name) => !parts.includes(name))).toEqual([]);
  });
});
