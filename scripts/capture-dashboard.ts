/**
 * Writes docs/pictures/*.svg: every screen of the dashboard, as it looks on `fleet demo`. Needs tmux
 * and a build; `npm run captures` does both. The fleet of the demo is always the same; times, ids
 * and rates are those of the day.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTerminal, type Terminal } from '../test/support/terminal.ts';
import { drawTerminal } from './svg-terminal.ts';

interface Scene {
  name: string;
  title: string;
  /** Goes there from the scene before. */
  show: (terminal: Terminal) => Promise<unknown>;
}

const SIZE = { columns: 110, rows: 32 };

/** Until then the rates are those of the past that the demo sends at first. */
const SETTLING_MS = 25_000;

/** Until the details of a row that was gone to are there. */
const MOVING_MS = 300;

/** Of the token that the picture shows nothing works any more; who searches for tokens need not find it. */
const SECRET = /(?<=fm_[0-9A-Za-z]{8}_)[0-9A-Za-z]{38}/g;

const SCENES: readonly Scene[] = [
  {
    name: 'fleet',
    title: 'Screen 1, the fleet as a tree of traffic lights: a red machine is selected',
    show: async (terminal) => {
      await sleep(SETTLING_MS);
      await moveTo(terminal, /^> +▸ press-05/m);
    },
  },
  {
    name: 'instance',
    title: 'Screen 2, one instance: state, reasons, availability',
    show: async (terminal) => {
      await terminal.press('Enter');
      await terminal.see('availability');
    },
  },
  {
    name: 'why',
    title: 'Why it is red: the verdict, what it follows from, and what to do next',
    show: async (terminal) => {
      await terminal.press('w');
      await terminal.see('Next:');
    },
  },
  {
    name: 'diagnostics',
    title: 'Screen 3, the open diagnostics, the worst first',
    show: async (terminal) => {
      await terminal.press('Escape', '3');
      await terminal.see(/[1-9]\d* open/);
    },
  },
  {
    name: 'rejections',
    title: 'Screen 4, the rejection log: what to do, and the payload with the wrong field marked',
    show: async (terminal) => {
      await terminal.press('4');
      await terminal.see('following');
      await moveTo(terminal, '"severity": "critical"');
    },
  },
  {
    name: 'customers',
    title: 'Screen 5, customers: contact, limits and tokens of the selected one',
    show: async (terminal) => {
      await terminal.press('5');
      await terminal.see('STATE');
    },
  },
  {
    name: 'token',
    title: 'A new token, shown this once',
    show: async (terminal) => {
      await terminal.press('t');
      await terminal.see('New token');
      await terminal.type('gateways of hall 3');
      await terminal.press('Enter', 'C-u');
      await terminal.type('90d\r');
      await terminal.see('shown only now');
    },
  },
];

/** Goes down until the screen shows it. */
async function moveTo(terminal: Terminal, wanted: string | RegExp): Promise<void> {
  for (let row = 0; row < SIZE.rows; row += 1) {
    if ((await terminal.screen()).match(wanted)) return;
    await terminal.press('j');
    await sleep(MOVING_MS);
  }
  throw new Error(`${wanted} is not on the screen.`);
}

async function capture(terminal: Terminal, directory: string): Promise<void> {
  await terminal.run('fleet demo');
  await terminal.see('? help');
  for (const { name, title, show } of SCENES) {
    await show(terminal);
    const styled = (await terminal.styledScreen()).replace(SECRET, (secret) =>
      '•'.repeat(secret.length),
    );
    writeFileSync(join(directory, `${name}.svg`), drawTerminal(styled, { title, ...SIZE }));
  }
  await terminal.press('Enter', 'q');
  await terminal.see('The demo is over');
}

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs', 'pictures');
const scratch = mkdtempSync(join(tmpdir(), 'fleet-captures-'));
mkdirSync(pictures, { recursive: true });
const terminal = await openTerminal({
  ...SIZE,
  directory: scratch,
  env: {
    PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
    ...{ HOME: scratch, LANG: 'C.UTF-8', TZ: 'UTC' },
  },
});
try {
  await terminal.run(`fleet() { '${process.execPath}' '${join(root, 'bin', 'run.js')}' "$@"; }`);
  await capture(terminal, pictures);
} finally {
  await terminal.end();
  rmSync(scratch, { recursive: true, force: true });
}
