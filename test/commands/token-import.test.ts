import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenImportedSchema } from '../../src/cli/schemas/token.ts';
import CustomerCreate from '../../src/commands/customer/create.ts';
import CustomerDeactivate from '../../src/commands/customer/deactivate.ts';
import TokenCreate from '../../src/commands/token/create.ts';
import TokenRevoke from '../../src/commands/token/revoke.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';
import { runFleet } from '../support/servers.ts';

const OLD = 'an-old-token-of-before';

describe.each(DIALECTS)('fleet token import on %s', (dialect) => {
  let database: TestDatabase;

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });
  const importToken = async (customer: string, input: string) => {
    const env = { FLEET_DATABASE: database.url };
    const { code, stdout } = await runFleet(['token', 'import', customer, '--json'], {
      env,
      input,
    });
    return { code, json: JSON.parse(stdout) };
  };

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    for (const slug of ['owner', 'neighbour', 'gone']) await run(CustomerCreate, slug);
    await run(CustomerDeactivate, 'gone', '--yes');
  });
  afterAll(() => database.drop());

  it('takes a token over once, and refuses it for another customer', async () => {
    const first = await importToken('owner', `${OLD}\n`);
    expect(first.code).toBe(0);
    expect(tokenImportedSchema.parse(first.json)).toMatchObject({
      customer: 'owner',
      created: true,
    });
    const again = await importToken('owner', OLD);
    expect(again).toMatchObject({ code: 0, json: { id: first.json.id, created: false } });
    const foreign = await importToken('neighbour', OLD);
    expect(foreign).toMatchObject({ code: 5, json: { error: { code: 'conflict' } } });
    expect(JSON.stringify([first, again, foreign])).not.toContain(OLD);
  });

  it('refuses one that is revoked, because no device could speak with it', async () => {
    const token = (await run(TokenCreate, 'owner')).stdout.trim();
    await run(TokenRevoke, token.slice(3, 11));
    const { code, json } = await importToken('owner', token);
    expect(code).toBe(5);
    expect(json.error.message).toMatch(/is revoked for good\.$/);
  });

  it('refuses one for a deactivated customer, and what is no token', async () => {
    expect(await importToken('gone', 'another-old-token')).toMatchObject({ code: 5 });
    for (const text of ['', 'short', 'two words', 'x'.repeat(513), `${OLD}1\n${OLD}2`]) {
      expect(await importToken('owner', text)).toMatchObject({ code: 2 });
    }
  });

  it('a token is no name of another one, nor of a customer', async () => {
    const token = (await run(TokenCreate, 'owner')).stdout.trim();
    for (const [command, slug] of [
      [TokenCreate, 'owner'],
      [CustomerCreate, 'new'],
    ] as const) {
      const { exit, stderr } = await run(command, slug, '--name', `for ${token}`);
      expect(exit).toBe(2);
      expect(stderr).not.toContain(token);
    }
  });
});
