import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runDashboard } from '../../src/dashboard/run.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase } from '../../src/db/connection/open.ts';
import { createTestDatabase, type TestDatabase } from '../support/databases.ts';
import { addCustomer } from '../support/fleet-data.ts';
import { FakeTerminal } from './support/fake-terminal.ts';

const ENDING = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

describe('the dashboard as a whole', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    const db = await openAndMigrateDatabase(parseLocation(database.url));
    await addCustomer(db, 'acme');
    await db.destroy();
  });
  afterAll(() => database.drop());

  function start(url = database.url) {
    const terminal = new FakeTerminal();
    const location = parseLocation(url);
    const shown = { location, actor: 'kim', ...terminal.as({ isColourful: false }) };
    const waitFor = (text: string) =>
      vi.waitFor(() => expect(terminal.output).toContain(text), 15_000);
    return { terminal, ended: runDashboard(shown), waitFor };
  }

  it('shows the fleet, and gives the terminal back on q', async () => {
    const { terminal, ended, waitFor } = start();
    await waitFor('acme');
    await terminal.type('q');
    await ended;
    expect(terminal.output.trimEnd().lastIndexOf('\u001b[?1049l')).toBeGreaterThan(0);
    expect(terminal.isRaw).toBe(false);
  });

  it('creates a customer and a token, and copies that once it is told to', async () => {
    const { terminal, ended, waitFor } = start();
    await waitFor('acme');
    await terminal.type('5nnew-one\r\r\r\r\r\r\r');
    await waitFor('Created new-one');
    await waitFor('> new-one');
    await waitFor('no token yet');
    await terminal.type('t\r\r');
    await waitFor('It is shown only now');
    await terminal.type('y');
    const token = /fm_\w+/.exec(terminal.output)?.[0] ?? '';
    const copied = Buffer.from(token).toString('base64');
    expect(terminal.output).toContain(`\u001b]52;c;${copied}\u0007`);
    await terminal.type('\u0003');
    await ended;
  });

  it.each(ENDING)('gives the terminal back on %s', async (signal) => {
    const before = process.listenerCount(signal);
    const { terminal, ended, waitFor } = start();
    await waitFor('acme');
    process.emit(signal, signal);
    await ended;
    expect(terminal.output).toContain('\u001b[?1049l');
    expect(process.listenerCount(signal)).toBeLessThanOrEqual(before);
  });

  it('fails as a command does where there is no database, and gives the terminal back', async () => {
    const { terminal, ended } = start(`${database.url}-missing`);
    await expect(ended).rejects.toMatchObject({ code: 'database_missing' });
    expect(terminal.isRaw).toBe(false);
  });
});
