import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  tokenCreatedSchema,
  tokenListSchema,
  tokenRotatedSchema,
  tokenShownSchema,
} from '../../src/cli/schemas/token.ts';
import AuditList from '../../src/commands/audit/list.ts';
import CustomerCreate from '../../src/commands/customer/create.ts';
import CustomerDeactivate from '../../src/commands/customer/deactivate.ts';
import TokenCreate from '../../src/commands/token/create.ts';
import TokenList from '../../src/commands/token/list.ts';
import TokenRevoke from '../../src/commands/token/revoke.ts';
import TokenRotate from '../../src/commands/token/rotate.ts';
import TokenShow from '../../src/commands/token/show.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';

const DAY_MS = 86_400_000;
const daysUntil = (instant: string | null) =>
  Math.round((Date.parse(instant ?? '') - Date.now()) / DAY_MS);

describe.each(DIALECTS)('fleet token rotate on %s', (dialect) => {
  let database: TestDatabase;

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });
  const runJson = async (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    JSON.parse((await run(command, ...argv, '--json')).stdout);
  const create = async (...argv: string[]) =>
    tokenCreatedSchema.parse(await runJson(TokenCreate, 'owner', ...argv));
  const rotate = async (...argv: string[]) =>
    tokenRotatedSchema.parse(await runJson(TokenRotate, ...argv));
  const show = async (id: string) => tokenShownSchema.parse(await runJson(TokenShow, id));

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    for (const slug of ['owner', 'gone']) await run(CustomerCreate, slug);
  });
  afterAll(() => database.drop());

  it('gives a new token of the same customer and name, and lets the old one end after a week', async () => {
    const old = await create('--name', 'line 3');
    const rotated = await rotate(old.id);
    expect(rotated).toMatchObject({
      ...{ customer: 'owner', name: 'line 3', replaces: old.id, expires_at: null },
    });
    expect(rotated.token).not.toBe(old.token);
    expect(daysUntil(rotated.replaced_ends_at)).toBe(7);
    expect(await show(old.id)).toMatchObject({ expires_at: rotated.replaced_ends_at });
    expect(await show(rotated.id)).toMatchObject({ replaces: old.id, revoked_at: null });
  });

  it('prints the token alone on stdout, and on stderr when the old one ends', async () => {
    const { id } = await create();
    const { stdout, stderr } = await run(TokenRotate, id, '--overlap', '30d');
    expect(stdout).toMatch(/^fm_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\n$/);
    expect(stderr).toMatch(
      new RegExp(`^${id}, which it replaces, ends \\d{4}-.*\\(in \\d+ d\\)`, 'm'),
    );
    expect(stderr).not.toContain(stdout.trim());
  });

  it('rotates a token once: then it is its successor that can be rotated', async () => {
    const { id } = await create();
    const first = await rotate(id);
    const { exit, stdout } = await run(TokenRotate, id, '--json');
    expect(exit).toBe(5);
    expect(JSON.parse(stdout).error.message).toBe(
      `The token ${first.id} takes over from ${id} already.`,
    );
    expect((await rotate(first.id)).expires_at).toBeNull();
  });

  it('lets the new one live as long as the old one did, or as told', async () => {
    const { id } = await create('--expires', '90d');
    expect(daysUntil((await rotate(id)).expires_at)).toBe(90);
    const other = await create('--expires', '90d');
    expect((await rotate(other.id, '--expires', 'never')).expires_at).toBeNull();
  });

  it('never prolongs the old one: it ends at its own expiry where that is before', async () => {
    const old = await create('--expires', '2d');
    const rotated = await rotate(old.id, '--overlap', '7d');
    expect(rotated.replaced_ends_at).toBe(old.expires_at);
  });

  it('with an overlap of nothing ends the old one at once, which is then no longer to be rotated', async () => {
    const old = await create();
    const { id, replaced_ends_at } = await rotate(old.id, '--overlap', '0s');
    expect(Date.parse(replaced_ends_at)).toBeLessThanOrEqual(Date.now());
    await run(TokenRevoke, id);
    const { exit, stdout } = await run(TokenRotate, old.id, '--json');
    const hint = 'fleet token create owner';
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'conflict', hint } });
    expect(exit).toBe(5);
  });

  it('refuses a revoked token, an unknown one and one of a deactivated customer, and creates nothing', async () => {
    const revoked = await create();
    await run(TokenRevoke, revoked.id);
    const hidden = tokenCreatedSchema.parse(await runJson(TokenCreate, 'gone'));
    await run(CustomerDeactivate, 'gone', '--yes');
    const before = tokenListSchema.parse(await runJson(TokenList, '--all')).items.length;
    expect((await run(TokenRotate, revoked.id)).exit).toBe(5);
    expect((await run(TokenRotate, hidden.id)).exit).toBe(5);
    expect((await run(TokenRotate, 'zzzzzzzz')).exit).toBe(3);
    const after = tokenListSchema.parse(await runJson(TokenList, '--all')).items;
    expect(after).toHaveLength(before);
    expect(after.map(({ machine_count }) => machine_count)).toEqual(after.map(() => 0));
    expect(await show(hidden.id)).toMatchObject({ expires_at: null });
  });

  it('is audited with what it replaces, and without a secret', async () => {
    const { id } = await create();
    const rotated = await rotate(id);
    const text = JSON.stringify(await runJson(AuditList, '--customer', 'owner'));
    expect(text).toContain('token rotate');
    expect(text).toContain(id);
    expect(text).not.toContain(rotated.token.slice(12));
  });
});
