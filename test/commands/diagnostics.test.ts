import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diagnosticListSchema, diagnosticSchema } from '../../src/cli/schemas/diagnostic.ts';
import DiagnosticsAck from '../../src/commands/diagnostics/ack.ts';
import DiagnosticsClose from '../../src/commands/diagnostics/close.ts';
import DiagnosticsList from '../../src/commands/diagnostics/list.ts';
import DiagnosticsTail from '../../src/commands/diagnostics/tail.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { createTestDatabase, DIALECTS, type TestDatabase } from '../support/databases.ts';
import { insertCustomers, insertDiagnostics, insertInstance } from '../support/fleet-rows.ts';
import { runCommand } from '../support/run-command.ts';

const PATH = 'my-company/pc-1/app';
const EVIL = 'pump\u001b]0;title\u0007\n\u202eevil';
const UNPRINTABLE = /[\p{Cc}\p{Cf}]/u;

describe.each(DIALECTS)('fleet diagnostics on %s', (dialect) => {
  let database: TestDatabase;
  let db: Kysely<Database>;

  beforeAll(async () => {
    database = await createTestDatabase(dialect);
    db = await openAndMigrateDatabase(parseLocation(database.url));
    await insertCustomers(db, ['my-company'], { deactivated: ['former'] });
    for (const path of [PATH, 'former/pc-1/app']) await insertInstance(db, path);
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    for (const table of ['diagnostic', 'diagnostic_history'] as const)
      await db.deleteFrom(table).execute();
    const now = { opened_at: Date.now(), last_at: Date.now() };
    await insertDiagnostics(db, PATH, [
      { code: 1000, severity: 2, message: 'jam', ...now },
      { code: 1001, severity: 1, message: EVIL, module: 'pump', ...now },
      { code: 1002, severity: 0, message: 'fine', ...now },
      { code: -7, severity: 1, module: 'x', ...now },
      { code: -7, severity: 1, module: 'y', ...now },
    ]);
    await insertDiagnostics(db, 'former/pc-1/app', [{ code: 1, severity: 2, ...now }]);
  });

  const run = (command: Parameters<typeof runCommand>[0], ...argv: string[]) =>
    runCommand(command, argv, { database: database.url });

  const list = async (...argv: string[]) => {
    const { stdout } = await run(DiagnosticsList, ...argv, '--json');
    const { items } = diagnosticListSchema.parse(JSON.parse(stdout));
    return items.map(({ code }) => code);
  };

  it('lists what is open as JSON in the shape that is published', async () => {
    const { stdout, stderr, exit } = await run(DiagnosticsList, '--json');
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
    const { items, next_cursor } = diagnosticListSchema.parse(JSON.parse(stdout));
    expect(next_cursor).toBeNull();
    expect(items.map(({ code }) => code)).toEqual([1000, 1001, -7, -7]);
    expect(Object.keys(items[0] ?? {})).toEqual([
      ...['customer', 'machine', 'software', 'code', 'module', 'severity', 'message', 'context'],
      ...['count', 'opened_at', 'last_at', 'closed_at', 'closed_by'],
      ...['acknowledged_at', 'acknowledged_by', 'note', 'episodes'],
    ]);
  });

  it('lists for people in lines that can be searched, with nothing that a terminal obeys', async () => {
    const { stdout } = await run(DiagnosticsList, PATH);
    const [header, ...lines] = stdout.trimEnd().split('\n');
    expect(header).toMatch(
      /^SEVERITY +CODE +MODULE +PATH +SINCE +LAST +COUNT +STATE +MESSAGE +NOTE$/,
    );
    expect(lines[0]).toMatch(/^error +1000 +- +my-company\/pc-1\/app .* 1 +open +jam +-$/);
    expect(lines).toHaveLength(4);
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  });

  it('filters by severity, in words or numbers, by code, path, customer and time', async () => {
    expect(await list('--severity', 'info,error')).toEqual([1000, 1002]);
    expect(await list('--severity', '1')).toEqual([1001, -7, -7]);
    expect(await list('--code=-7,1000')).toEqual([1000, -7, -7]);
    expect(await list('my-company/pc-1', '--customer', 'my-company,former')).toHaveLength(4);
    expect(await list(PATH, '--since', '1h', '--code', '1001')).toEqual([1001]);
    expect(await list('--all', '--severity', 'error')).toEqual([1000, 1]);
  });

  it('shows a page and says how to go on', async () => {
    const { stdout, stderr } = await run(DiagnosticsList, '--limit', '3', '--json');
    expect(stderr).toMatch(/^3 of 4 shown; go on with --cursor \S+\n$/);
    expect(await list('--cursor', JSON.parse(stdout).next_cursor)).toEqual([-7]);
  });

  it.each([
    [['--severity', 'eror'], 2, /did you mean error\?/],
    [['--severity', '3'], 2, /severities are info, warning, error/],
    [['--code', 'x'], 2, /not a code/],
    [['my-company/pc-2'], 3, /did you mean my-company\/pc-1\?/],
    [['my-company/pc-1/apq'], 3, /did you mean my-company\/pc-1\/app\?/],
    [['--customer', 'my-companie'], 3, /did you mean my-company\?/],
    [['--code', '4711'], 0, /^Nothing matches\.$/],
    [['former'], 0, /deactivated: --all shows/],
  ])('explains why nothing is listed with %j', async (argv, code, message) => {
    const { stdout, stderr, exit } = await run(DiagnosticsList, ...argv);
    expect({ stdout, exit }).toEqual({ stdout: '', exit: code });
    expect(stderr.trimEnd()).toMatch(message);
  });

  it('says that nothing is open', async () => {
    await db.deleteFrom('diagnostic').execute();
    expect(await run(DiagnosticsList, PATH)).toMatchObject({ stderr: 'Nothing is open.\n' });
  });

  it('acknowledges, and says who had done it already', async () => {
    const first = await run(DiagnosticsAck, PATH, '1000', '--note', 'on it', '--json');
    const diagnostic = diagnosticSchema.parse(JSON.parse(first.stdout));
    expect(diagnostic).toMatchObject({ code: 1000, note: 'on it', closed_at: null });
    const again = await run(DiagnosticsAck, PATH, '1000');
    expect(again).toMatchObject({ exit: 0, stdout: '' });
    expect(again.stderr).toMatch(/^1000 was acknowledged by \S+ already, .*\n$/);
    const replaced = await run(DiagnosticsAck, PATH, '1000', '--note', 'part ordered');
    expect(replaced).toEqual({ exit: 0, stderr: '', stdout: `acknowledged 1000 of ${PATH}\n` });
    const { stdout } = await run(DiagnosticsList, PATH, '--code', '1000');
    expect(stdout).toMatch(/acknowledged by \S+ +jam +part ordered$/m);
  });

  it('closes, and lists what is closed with --all', async () => {
    const closed = await run(DiagnosticsClose, PATH, '1001');
    expect(closed).toEqual({ exit: 0, stderr: '', stdout: `closed 1001 (pump) of ${PATH}\n` });
    expect(await list(PATH, '--code', '1001')).toEqual([]);
    const { stdout } = await run(DiagnosticsList, PATH, '--code', '1001', '--all');
    expect(stdout).toMatch(/ closed now, by an operator /);
    const again = await run(DiagnosticsClose, PATH, '1001', '--json');
    expect(again.exit).toBe(3);
    expect(JSON.parse(again.stdout).error).toMatchObject({ code: 'not_found', exit: 3 });
  });

  it('asks for the module where there are several, and takes negative codes', async () => {
    const { stderr, exit } = await run(DiagnosticsAck, PATH, '-7');
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^-7 is open in several modules: x, y\.\nTry: --module/);
    expect(await run(DiagnosticsAck, PATH, '--module', 'y', '--', '-7')).toMatchObject({ exit: 0 });
  });

  it('names what is open where no code is given, or another one', async () => {
    const none = await run(DiagnosticsAck, PATH);
    expect(none).toMatchObject({ exit: 2, stdout: '' });
    expect(none.stderr).toMatch(
      /is meant: open are 1000, 1001 \(pump\), -7 \([xy]\), -7 \([xy]\)\./,
    );
    const other = await run(DiagnosticsClose, PATH, '1002');
    expect(other.exit).toBe(3);
    expect(other.stderr).toMatch(/^1002 is not open on my-company\/pc-1\/app; open are -7 \(x\), /);
    expect(await run(DiagnosticsAck, 'my-company/pc-1/apq')).toMatchObject({ exit: 3 });
  });

  it('follows for people in one line each, until interrupted', async () => {
    const options = { database: database.url, onOutput: () => void process.emit('SIGINT') };
    const argv = ['-n', '1', '--code', '1001'];
    const { stdout, exit } = await runCommand(DiagnosticsTail, argv, options);
    expect(exit).toBe(130);
    expect(stdout).toMatch(
      /^\d{4}-\d\d-\d\d .* {2}warning {2}open {2}1001 \(pump\) {2}my-company\/pc-1\/app {2}×1 {2}pump[^\n]*\n$/,
    );
    expect(stdout.replaceAll('\n', '')).not.toMatch(UNPRINTABLE);
  });
});
