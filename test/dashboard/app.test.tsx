import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { App } from '../../src/dashboard/app.tsx';
import type { DataClient } from '../../src/dashboard/data/data-client.ts';
import { showApp } from '../../src/dashboard/show-app.tsx';
import { startState } from '../../src/dashboard/state.ts';
import { Store } from '../../src/dashboard/store.ts';
import { FakeTerminal } from './support/fake-terminal.ts';
import { fleetRow, overview } from './support/rows.ts';

// Ink asks the environment, and not the stream, before it writes any colour.
vi.hoisted(() => Object.assign(process.env, { FORCE_COLOR: '1' }));

const ROWS = ['acme', 'plant', 'zeta'].map((slug) => fleetRow(slug, { light: 'red' }));

const data = {
  ask: async (kind: string) => {
    if (kind === 'fleet') return { rows: ROWS, from: 0, total: ROWS.length, index: 0 };
    return await new Promise(() => undefined);
  },
  refresh: () => undefined,
  close: async () => undefined,
} as unknown as DataClient;

const hiding: (() => void)[] = [];
afterEach(() => {
  for (const hide of hiding.splice(0)) hide();
});

function createStore(terminal: FakeTerminal) {
  const { columns, rows } = terminal.stdout;
  const copied: string[] = [];
  const store = new Store({
    start: startState({ columns, rows, database: 'fleet.db' }),
    data,
    copy: (text) => copied.push(text),
    quit: () => undefined,
  });
  return { store, copied };
}

/** Draws the app so that every write is a whole frame. */
async function draw({ isColourful = true, columns = 100, rows = 30 } = {}) {
  const terminal = new FakeTerminal({ columns, rows });
  const { store, copied } = createStore(terminal);
  const { stdin, stdout } = terminal.as({ isColourful });
  const ink = render(<App store={store} isColourful={isColourful} />, {
    ...{ stdin, stdout, debug: true, exitOnCtrlC: false, patchConsole: false },
  });
  hiding.push(ink.unmount);
  store.dispatch({ type: 'overview', overview: overview() });
  await expect.poll(() => terminal.output).toContain('acme');
  const frame = () => terminal.writes.findLast((text) => text.includes('Fleet')) ?? '';
  const lines = () => stripVTControlCharacters(frame()).split('\n');
  const selected = () => lines().find((line) => line.startsWith('> ')) ?? '';
  return { terminal, store, copied, frame, lines, selected };
}

describe('the app', () => {
  it('fills the terminal with what the store holds', async () => {
    const { lines, selected } = await draw({ columns: 80, rows: 24 });
    expect(lines()).toHaveLength(24);
    expect(lines()[0]).toContain('[1 Fleet]');
    expect(selected()).toMatch(/acme +✖ red/);
    expect(lines().at(-1)).toContain('q quit');
  });

  it.each([
    ['the arrows', '\u001b[B', 'plant'],
    ['arrows as some terminals send them', '\u001bOB', 'plant'],
    ['a letter', 'j', 'plant'],
    ['letters that come at once', 'jj', 'zeta'],
    ['a letter and an arrow that come at once', 'j\u001b[B', 'zeta'],
    ['end', '\u001b[F', 'zeta'],
    ['page down', '\u001b[6~', 'zeta'],
  ])('hears %s', async (_, bytes, slug) => {
    const { terminal, selected } = await draw();
    await terminal.type(bytes);
    await expect.poll(selected).toContain(slug);
  });

  it.each([
    ['tab', '\t', 'instance'],
    ['shift+tab', '\u001b[Z', 'customers'],
    ['digits', '3', 'diagnostics'],
    ['tab that comes with another key', '3\t', 'rejections'],
    ['a command that comes with its enter', ':customers\r', 'customers'],
  ])('goes to another screen on %s', async (_, bytes, screen) => {
    const { terminal, store } = await draw();
    await terminal.type(bytes);
    await expect.poll(() => store.getState().screen).toBe(screen);
  });

  it('hears escape alone', async () => {
    const { terminal, store } = await draw();
    await terminal.type('3');
    await expect.poll(() => store.getState().screen).toBe('diagnostics');
    await terminal.type('\u001b');
    await expect.poll(() => store.getState().screen).toBe('fleet');
  });

  it.each([
    ['text with a space', '/ab c', 'ab c'],
    ['backspace', '/abc\u007f', 'ab'],
    ['backspace as some terminals send it', '/abc\b', 'ab'],
    ['delete', '/abc\u001b[H\u001b[3~', 'bc'],
    ['ctrl+u', '/abc\u0015d', 'd'],
    ['characters of other scripts', '/é日😀', 'é日😀'],
    ['a function key, which means nothing', '/a\u001bOPb', 'ab'],
    ['a paste', '/\u001b[200~pc-1\nq\u001b[201~', 'pc-1q'],
  ])('types %s into a filter', async (_, bytes, filter) => {
    const { terminal, store } = await draw();
    await terminal.type(bytes);
    await expect.poll(() => store.getState().fleet.view.filter).toBe(filter);
  });

  it('does not take a paste for keys', async () => {
    const { terminal, store } = await draw();
    const before = store.getState();
    await terminal.type('\u001b[200~3jjq\u001b[201~');
    expect(store.getState()).toBe(before);
  });

  it('lays itself out anew when the terminal changes its size', async () => {
    const { terminal, lines, selected } = await draw({ columns: 120, rows: 30 });
    await terminal.type('j');
    await terminal.resize(70, 20);
    await expect.poll(lines).toHaveLength(20);
    expect(Math.max(...lines().map((line) => line.length))).toBe(70);
    expect(selected()).toContain('plant');
  });

  it('says so where the terminal becomes too small', async () => {
    const { terminal } = await draw();
    await terminal.resize(40, 10);
    await expect.poll(() => terminal.output).toContain('The terminal has 40×10');
  });
});

describe('colours', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours look like
  const COLOUR = /\x1b\[(?:[34]\d|9\d|10\d)[;m]/;

  it('are there where they are wanted', async () => {
    expect((await draw()).frame()).toMatch(COLOUR);
  });

  it('are left out under NO_COLOR, and what they say is still there in words', async () => {
    const { terminal, selected } = await draw({ isColourful: false });
    expect(terminal.output).not.toMatch(COLOUR);
    expect(selected()).toContain('✖ red');
  });
});

describe('the screen of its own', () => {
  async function show() {
    const terminal = new FakeTerminal();
    const { store } = createStore(terminal);
    const shown = showApp(store, terminal.as({ isColourful: true }));
    await expect.poll(() => terminal.isRaw && terminal.output).toContain('Fleet');
    return { terminal, shown, store };
  }

  it('is entered before anything is drawn, and keys are taken one by one', async () => {
    const { terminal, shown } = await show();
    expect(terminal.output.indexOf('\u001b[?1049h')).toBeLessThan(terminal.output.indexOf('Fleet'));
    expect(terminal.output).toContain('\u001b[?1049h');
    expect(terminal.isRaw).toBe(true);
    await shown.hide();
  });

  it('is left as it was found: cursor, keys, pastes', async () => {
    const { terminal, shown } = await show();
    await shown.hide();
    const { output } = terminal;
    expect(output.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(output.lastIndexOf('Fleet'));
    expect(output.lastIndexOf('\u001b[?25h')).toBeGreaterThan(output.lastIndexOf('\u001b[?25l'));
    expect(output.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(
      output.lastIndexOf('\u001b[?2004h'),
    );
    expect(terminal.isRaw).toBe(false);
  });

  it('hears nothing more once it is hidden', async () => {
    const { terminal, shown, store } = await show();
    await shown.hide();
    await terminal.type('3');
    expect(store.getState().screen).toBe('fleet');
  });

  it('is left also where drawing fails, which is told', async () => {
    const { terminal, shown, store } = await show();
    const failed = expect(shown.failed).rejects.toThrow();
    store.dispatch({ type: 'overview', overview: overview({ counts: null as never }) });
    await failed;
    expect(terminal.output).toContain('\u001b[?1049l');
    expect(terminal.isRaw).toBe(false);
  });
});
