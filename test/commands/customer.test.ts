import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditListSchema } from '../../src/cli/schemas/audit.ts';
import {
  customerCreatedSchema,
  customerDeactivatedSchema,
  customerListSchema,
  customerSchema,
  customerShownSchema,
} from '../../src/cli/schemas/customer.ts';
import AuditList from '../../src/commands/audit/list.ts';
import CustomerActivate from '../../src/commands/customer/activate.ts';
import CustomerCreate from '../../src/commands/customer/create.ts';
import CustomerDeactivate from '../../src/commands/customer/deactivate.ts';
import CustomerList from '../../src/commands/customer/list.ts';
import CustomerShow from '../../src/commands/customer/show.ts';
import CustomerUpdate from '../../src/commands/customer/update.ts';
import {
  createScratchDirectory,
  createTestDatabase,
  DIALECTS,
  type TestDatabase,
} from '../support/databases.ts';
import { runCommand } from '../support/run-command.ts';

describe.each(DIALECTS)('fleet customer on %s', (dialect) => {
  let database: TestDatabase;

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });
  const runJson = async (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    JSON.parse((await run(command, ...argv, '--json')).stdout);

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
  });

  afterAll(async () => await database.drop());

  it('creates the database with the first customer, and says so on stderr', async () => {
    const flags = ['--name', 'My Company', '--overdue-after', '10m', '--json'];
    const { stdout, stderr, exit } = await run(CustomerCreate, 'my-company', ...flags);
    expect(exit).toBe(0);
    expect(stderr).toMatch(/^Created the database .+\.\n$/);
    expect(customerCreatedSchema.parse(JSON.parse(stdout))).toMatchObject({
      ...{ slug: 'my-company', name: 'My Company', parent: null, created: true },
      overdue_after_seconds: 600,
    });
    expect((await run(CustomerCreate, 'plant', '--parent', 'my-company')).stderr).toBe('');
  });

  it('succeeds with --if-not-exists where nothing differs, and names what does', async () => {
    const same = await runJson(
      CustomerCreate,
      'plant',
      '--parent',
      'my-company',
      '--if-not-exists',
    );
    expect(customerCreatedSchema.parse(same).created).toBe(false);
    const other = await run(CustomerCreate, 'plant', '--machine-limit', '7', '--if-not-exists');
    expect(other).toMatchObject({ stdout: '', exit: 5 });
    expect(other.stderr).toContain('differs in: machine-limit.');
  });

  it('lists, shows and draws customers', async () => {
    const list = customerListSchema.parse(await runJson(CustomerList));
    expect(list.items.map(({ slug }) => slug)).toEqual(['my-company', 'plant']);
    const shown = customerShownSchema.parse(await runJson(CustomerShow, 'my-company'));
    expect(shown).toMatchObject({ machines: 0, active_tokens: 0, children: ['plant'] });
    expect((await run(CustomerList, '--tree')).stdout).toMatch(/^my-company .*\n {2}plant /);
  });

  it('changes what is given, and takes the defaults back', async () => {
    await run(CustomerUpdate, 'my-company', '--email', 'ops@example.com');
    const changed = await runJson(CustomerUpdate, 'my-company', '--overdue-after', 'default');
    expect(customerSchema.parse(changed)).toMatchObject({
      ...{ email: 'ops@example.com', overdue_after_seconds: null },
    });
  });

  it.each([
    [CustomerUpdate, ['my-company'], 2, 'usage'],
    [CustomerUpdate, ['plant', '--parent', 'x', '--no-parent'], 2, 'usage'],
    [CustomerCreate, ['My Company'], 2, 'usage'],
    [CustomerCreate, ['beta', '--overdue-after', '5'], 2, 'usage'],
    [CustomerShow, ['my-compnay'], 3, 'not_found'],
    [CustomerUpdate, ['my-company', '--parent', 'plant'], 5, 'conflict'],
    [CustomerCreate, ['plant'], 5, 'conflict'],
    [AuditList, ['--customer', 'my-compnay'], 3, 'not_found'],
  ])('answers a refusal with one JSON document: %o %j', async (command, argv, exit, code) => {
    const result = await run(command, ...argv, '--json');
    expect(result).toMatchObject({ exit, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({
      error: { code, message: expect.any(String), hint: expect.stringContaining('fleet '), exit },
    });
  });

  it('suggests the slug that was meant, and a command to go on with', async () => {
    const { stdout, stderr, exit } = await run(CustomerShow, 'my-compnay');
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 3 });
    expect(stderr).toMatch(/did you mean my-company\?\nTry: fleet customer list\n$/);
  });

  it('deactivates and names what stays active, or takes it along, and activates again', async () => {
    const one = await run(CustomerDeactivate, 'my-company', '--yes', '--json');
    expect(customerDeactivatedSchema.parse(JSON.parse(one.stdout))).toMatchObject({
      ...{ deactivated: ['my-company'], active_children: ['plant'] },
    });
    expect(one.stderr).toContain('plant');
    const all = await run(CustomerDeactivate, 'my-company', '--recursive', '--yes');
    expect(all.stdout).toBe('deactivated plant\n');
    expect((await runJson(CustomerList)).items).toEqual([]);
    expect((await runJson(CustomerList, '--all')).items).toHaveLength(2);
    const above = await run(CustomerActivate, 'my-company');
    expect(above.stderr).toBe('Still deactivated below it: plant.\n');
    await run(CustomerDeactivate, 'my-company', '--yes');
    const again = customerSchema.parse(await runJson(CustomerActivate, 'plant'));
    expect(again.deactivated_at).toBeNull();
  });

  it('lists who did all that, newest first', async () => {
    const { items } = auditListSchema.parse(await runJson(AuditList, '--customer', 'plant'));
    expect(items.map(({ action }) => action)).toEqual([
      ...['customer activate', 'customer deactivate', 'customer create'],
    ]);
    expect(items.at(-1)).toMatchObject({ subject: 'plant', detail: { parent: 'my-company' } });
    const page = await run(AuditList, '--limit', '1');
    expect(page.stdout).toMatch(/^WHEN +WHO +ACTION +CUSTOMER +SUBJECT +DETAIL\n.*\n$/);
    expect(page.stderr).toMatch(/^1 of \d+ shown/);
  });
});

describe('reading commands without a database', () => {
  it.each([CustomerList, AuditList])('are refused and create none: %o', async (command) => {
    const file = join(await createScratchDirectory(), 'none.db');
    const { stdout, stderr, exit } = await runCommand(command, [], { database: file });
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 78 });
    expect(stderr).toMatch(/\nTry: /);
    expect(existsSync(file)).toBe(false);
  });
});
