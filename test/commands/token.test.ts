import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditListSchema } from '../../src/cli/schemas/audit.ts';
import {
  tokenCreatedSchema,
  tokenListSchema,
  tokenRevokedSchema,
  tokenShownSchema,
} from '../../src/cli/schemas/token.ts';
import AuditList from '../../src/commands/audit/list.ts';
import CustomerCreate from '../../src/commands/customer/create.ts';
import CustomerDeactivate from '../../src/commands/customer/deactivate.ts';
import TokenCreate from '../../src/commands/token/create.ts';
import TokenList from '../../src/commands/token/list.ts';
import TokenRevoke from '../../src/commands/token/revoke.ts';
import TokenShow from '../../src/commands/token/show.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';

const TOKEN_LINE = /^fm_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\n$/;
const DAY_MS = 86_400_000;

describe.each(DIALECTS)('fleet token on %s', (dialect) => {
  let database: TestDatabase;

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });
  const runJson = async (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    JSON.parse((await run(command, ...argv, '--json')).stdout);
  const create = async (...argv: string[]) =>
    tokenCreatedSchema.parse(await runJson(TokenCreate, 'owner', ...argv));

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    for (const slug of ['owner', 'neighbour', 'gone']) await run(CustomerCreate, slug);
    await run(CustomerDeactivate, 'gone', '--yes');
  });

  afterAll(async () => await database.drop());

  it('prints the token alone on stdout, and all about it on stderr', async () => {
    const { stdout, stderr, exit } = await run(TokenCreate, 'owner', '--expires', '90d');
    expect(exit).toBe(0);
    expect(stdout).toMatch(TOKEN_LINE);
    const id = stdout.slice(3, 11);
    expect(stderr).toMatch(new RegExp(`^Token ${id} of owner; expires \\d{4}-.*\\(in \\d+ d\\)`));
    expect(stderr).not.toContain(stdout.trim());
  });

  it('creates a token that never expires, or through the end of a day', async () => {
    expect(await create()).toMatchObject({ customer: 'owner', name: null, expires_at: null });
    const day = new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 10);
    const dated = await create('--name', 'line 3', '--expires', day);
    const end = new Date(Date.parse(day) + DAY_MS).toISOString();
    expect(dated).toMatchObject({ name: 'line 3', expires_at: end });
  });

  it.each(['2020-01-01', '90', '9999d', 'tomorrow'])(
    'refuses to let a token expire at %s, with examples',
    async (expires) => {
      const { stdout, stderr, exit } = await run(TokenCreate, 'owner', '--expires', expires);
      expect({ stdout, exit }).toEqual({ stdout: '', exit: 2 });
      expect(stderr).toMatch(/90d, 2027-01-31|12h, 30d/);
    },
  );

  it.each([
    [TokenCreate, ['ownr'], 3, 'not_found', /did you mean owner\?/],
    [TokenList, ['ownr'], 3, 'not_found', /did you mean owner\?/],
    [TokenShow, ['zzzzzzzz'], 3, 'not_found', /no token zzzzzzzz/],
    [TokenRevoke, ['zzzzzzzz', '--yes'], 3, 'not_found', /no token zzzzzzzz/],
    [TokenCreate, ['gone'], 5, 'conflict', /deactivated/],
    [TokenCreate, ['owner', '--expires', '90'], 2, 'usage', /--expires/],
  ])('answers a refusal with one JSON document: %o %j', async (command, argv, exit, code, text) => {
    const result = await run(command, ...argv, '--json');
    expect(result).toMatchObject({ exit, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({
      error: { code, message: expect.stringMatching(text), hint: expect.any(String), exit },
    });
  });

  it('lists tokens without their secrets, and of one customer what is asked for', async () => {
    const soon = await create('--expires', '1d');
    const { stdout } = await run(TokenList, 'owner', '--json');
    const { items } = tokenListSchema.parse(JSON.parse(stdout));
    expect(items.length).toBeGreaterThan(1);
    expect(stdout).not.toContain('fm_');
    const expiring = tokenListSchema.parse(await runJson(TokenList, '--expiring', '2d'));
    expect(expiring.items.map(({ id }) => id)).toEqual([soon.id]);
    const none = await run(TokenList, 'neighbour');
    expect(none).toMatchObject({ stdout: '', exit: 0 });
    expect(none.stderr).toContain('Try: fleet token create');
    expect((await run(TokenList)).stdout).toMatch(/^TOKEN +CUSTOMER +NAME +STATE +EXPIRES/);
  });

  it('revokes a token once and is content with that', async () => {
    const { id } = await create();
    const first = tokenRevokedSchema.parse(await runJson(TokenRevoke, id, '--yes'));
    const second = await run(TokenRevoke, id, '--yes', '--json');
    expect(second.exit).toBe(0);
    expect(JSON.parse(second.stdout)).toEqual({ ...first, revoked: false });
    expect((await runJson(TokenList, 'owner')).items).not.toContainEqual(
      expect.objectContaining({ id }),
    );
    const shown = tokenShownSchema.parse(await runJson(TokenShow, id));
    expect(shown).toMatchObject({ revoked_at: first.revoked_at, machines: [] });
    expect((await run(TokenShow, id)).stdout).toMatch(/^state +revoked$/m);
  });

  it('never repeats a token that was typed where its id belongs', async () => {
    const { token } = await create();
    for (const command of [TokenShow, TokenRevoke]) {
      const { stdout, stderr, exit } = await run(command, token);
      expect(exit).toBeGreaterThan(0);
      expect(stdout + stderr).not.toContain(token.slice(12));
    }
  });

  it('audits by public id and never with a secret', async () => {
    const { id, token } = await create('--name', 'audited');
    const { stdout } = await run(AuditList, '--customer', 'owner', '--json');
    expect(auditListSchema.parse(JSON.parse(stdout)).items[0]).toMatchObject({
      ...{ action: 'token create', subject: id, detail: { name: 'audited', expires_at: null } },
    });
    expect(stdout).not.toContain(token.slice(12));
  });
});
