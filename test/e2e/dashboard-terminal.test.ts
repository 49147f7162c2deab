import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { measureWidth } from '../../src/cli/width.ts';
import { hasTool } from '../support/tools.ts';
import {
  endTerminals,
  type FleetTerminal,
  openDashboard,
  openFleetTerminal,
} from './fleet-terminal.ts';
import { createInstallation } from './support.ts';
import { startWatchedFleet, type WatchedFleet } from './watched-fleet.ts';

const ALTERNATE = { enter: '\x1b[?1049h', leave: '\x1b[?1049l' };
const CURSOR = { hide: '\x1b[?25l', show: '\x1b[?25h' };

/** What a device may send to play with whoever looks: colours, a title, the clipboard, lines, bidi. */
const HOSTILE =
  'a\x1b[31mb\x1b]0;owned\x07c\x1b]52;c;b3duZWQ=\x07d\r\ne\x9b31mf\u202eg\u2066h👩‍🚀👩‍🚀界界i';

/** The terminal is as it was: the shell echoes, the cursor is there, and so is what stood before. */
async function expectRestored(terminal: FleetTerminal, code: number): Promise<void> {
  await terminal.see(/^[#$]\s*$/m);
  await terminal.run(
    `echo "ended with $?, $(stty -a | tr ' ;' '\\n\\n' | grep -xE -- '-?(echo|icanon)' | tr '\\n' ' ')"`,
  );
  const screen = await terminal.see(`ended with ${code}, `);
  expect(screen).toContain('ended with $?');
  expect(screen).toMatch(/ended with \d+, (icanon echo|echo icanon)/);
  expect(screen).toMatch(/[#$] fleet dashboard/);
  const raw = terminal.raw();
  expect(raw.lastIndexOf(ALTERNATE.leave)).toBeGreaterThan(raw.lastIndexOf(ALTERNATE.enter));
  expect(raw.lastIndexOf(CURSOR.show)).toBeGreaterThan(raw.lastIndexOf(CURSOR.hide));
}

describe.skipIf(!hasTool('tmux'))('the terminal of the dashboard', () => {
  let fleet: WatchedFleet;
  beforeAll(async () => {
    fleet = await startWatchedFleet();
  });
  afterEach(endTerminals);
  afterAll(() => fleet?.stop());

  it('hears every key that comes in one piece, as from a slow line', async () => {
    const terminal = await fleet.watch();
    await terminal.type('o3j');
    await terminal.see('[3 Diagnostics]');
    await terminal.type('1jj\r');
    await terminal.see('[2 Instance]');
  });

  it('keeps the selection in any size, and says how much room it needs', async () => {
    const terminal = await fleet.watch();
    await terminal.type('o');
    await terminal.see('press-07');
    await terminal.press('j');
    const isSelected = /^> +▸ press-07/m;
    await terminal.see(isSelected);
    for (const [columns, rows] of [
      [80, 24],
      [60, 15],
      [200, 50],
    ] as const) {
      await terminal.resize(columns, rows);
      const screen = await terminal.see((text) => isSelected.test(text) && isFilled(text, rows));
      expect(screen.split('\n')[0]).toMatch(/\[1 Fleet\].*5 Customers/);
      expect(screen).toMatch(/✖ \d+ red +▲ \d+ yellow +✔ \d+ green +○ \d+ grey/);
      expect(screen).toMatch(/\? help +q quit\s*$/);
      expect(Math.max(...screen.split('\n').map(measureWidth))).toBeLessThanOrEqual(columns);
    }
    await terminal.resize(59, 15);
    await terminal.see('needs 60×15');
    await terminal.resize(30, 8);
    await terminal.see('The terminal has 30×8');
    await terminal.resize(100, 30);
    await terminal.see(isSelected);
  });

  it.each([
    ['q', (terminal: FleetTerminal) => terminal.press('q')],
    ['ctrl-c', (terminal: FleetTerminal) => terminal.press('C-c')],
    ['SIGTERM', async (terminal: FleetTerminal) => terminal.signal('SIGTERM')],
    [
      'q in a terminal that is too small',
      async (terminal: FleetTerminal) => {
        await terminal.resize(40, 10);
        await terminal.see('The terminal has 40×10');
        await terminal.press('q');
      },
    ],
  ])('gives the terminal back after %s', async (_, quit) => {
    const terminal = await fleet.watch();
    expect(terminal.raw()).toContain(ALTERNATE.enter);
    await quit(terminal);
    await terminal.seeRaw(ALTERNATE.leave);
    await terminal.resize(120, 36);
    await expectRestored(terminal, 0);
  });

  it('ends with the terminal that it is in', async () => {
    const terminal = await fleet.watch();
    expect(terminal.isRunning()).toBe(true);
    await terminal.end();
    await expect.poll(() => terminal.isRunning(), { timeout: 10_000 }).toBe(false);
  });

  it('gives the terminal back when it cannot go on, and says why', async () => {
    const broken = await createInstallation('sqlite');
    await broken.fleet('customer', 'create', 'my-company');
    const terminal = await openDashboard({ env: { FLEET_DATABASE: broken.url } });
    await terminal.see('No server has run yet');
    const database = new SqliteDatabase(broken.url);
    database.exec('alter table customer rename to customer_gone');
    database.close();
    await terminal.see(/no such table: customer/);
    await expectRestored(terminal, 70);
    await broken.drop();
  });

  it('lets nothing of what devices send through to the terminal', async () => {
    const path = 'my-company/evil-01/press-control';
    const texts = { version: HOSTILE, hostname: HOSTILE, os: HOSTILE };
    await fleet.send(`${path}/heartbeat`, texts);
    await fleet.send(`${path}/status`, {
      status: HOSTILE,
      message: HOSTILE,
      snapshot: { [HOSTILE]: HOSTILE },
    });
    const diagnostics = [{ code: 666, message: HOSTILE, module: HOSTILE, severity: 2 }];
    await fleet.send(`${path}/diagnostics`, { diagnostics });
    await fleet.send(`${path}/status`, { status: 5, message: HOSTILE, [HOSTILE]: HOSTILE });
    const terminal = await fleet.watch({ columns: 100 });
    await terminal.type('/evil');
    await terminal.see('evil-01');
    await terminal.press('Enter', 'j', 'Enter');
    await terminal.see(/version +a/);
    await terminal.press('G');
    await terminal.see(/hostname +a/);
    await terminal.press('w');
    await terminal.see('Next:');
    await terminal.press('Escape', '3');
    await terminal.see('666');
    await terminal.press('4');
    await terminal.type('/evil-01');
    await terminal.see('1 rejections');
    await terminal.press('Enter', 'Enter');
    const screen = await terminal.see('payload');
    expect(screen.split('\n')[0]).toMatch(/^ 1 Fleet .*\[4 Rejections\]/);
    const raw = terminal.raw();
    for (const bad of [
      'owned\x07',
      '\x1b]52;c;b3duZWQ=',
      '\x1b]0',
      '\x9b',
      '\u202e',
      '\u2066',
      'a\x1b[31mb',
    ])
      expect(raw).not.toContain(bad);
  });

  it('writes no colours where they are not wanted, and words beside every light', async () => {
    const terminal = await fleet.watch({ env: { NO_COLOR: '1' } });
    await terminal.see(/My Company +✖ red/);
    await terminal.press('3', '4', '5');
    await terminal.see('[5 Customers]');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of ECMA-48
    expect(terminal.raw()).not.toMatch(/\x1b\[[\d;]*(3[0-7]|9[0-7]|38)m/);
  });

  it('clears the screen once, and then writes only what changed', async () => {
    const terminal = await fleet.watch();
    await terminal.see('My Company');
    const before = terminal.raw().length;
    await fleet.send('my-company/press-02/press-control/heartbeat', {});
    await terminal.press('3', '4', '5', '1');
    await terminal.see('[1 Fleet]');
    expect(terminal.raw().slice(before)).not.toContain('\x1b[2J');
  });

  it('prints the fleet where the terminal can do nothing else', async () => {
    const terminal = await openFleetTerminal({ env: { ...fleet.env, TERM: 'dumb' } });
    await terminal.run('TERM=dumb fleet dashboard');
    await terminal.see(/My Company|my-company/);
    await terminal.seeRaw(/press-07/);
    expect(terminal.raw()).not.toContain(ALTERNATE.enter);
  });
});

function isFilled(screen: string, rows: number): boolean {
  return screen.replace(/\n$/, '').split('\n').length === rows;
}
