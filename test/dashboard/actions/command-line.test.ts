import { describe, expect, it } from 'vitest';
import { SCREENS } from '../../../src/dashboard/state.ts';
import { Driver } from '../support/driver.ts';

const run = (text: string, driver = new Driver()) => driver.press(':').type(text).press('enter');
const footer = (driver: Driver) => driver.lines().at(-1);

describe('a command of the dashboard', () => {
  it.each(SCREENS)('shows the screen %s', (screen) => {
    expect(run(screen).state).toMatchObject({ screen, dialog: null });
  });

  it('opens an instance', () => {
    const { state } = run('open acme/pc-1/app');
    expect([state.screen, state.instance.path]).toEqual(['instance', 'acme/pc-1/app']);
  });

  it.each(['acme', 'acme/pc-1', 'acme/pc-1/app'])('asks why of %s', (path) => {
    expect(run(`why ${path}`).asked('why')?.input).toEqual({ path });
  });

  it('filters what is shown', () => {
    expect(run('filter two words').asked('fleet')?.input.view.filter).toBe('two words');
    const driver = run('filter acme', new Driver().press('3'));
    expect(driver.asked('diagnostics')?.input.words).toEqual(['acme']);
  });

  it('says that a screen has no filter', () => {
    expect(footer(run('filter acme', new Driver().press('5')))).toMatch(
      /Customers has no filter\./,
    );
  });

  it('shows the keys', () => {
    expect(run('help').state.dialog?.kind).toBe('help');
  });

  it.each(['quit', 'q'])('quits: %s', (text) => {
    expect(run(text).effects).toEqual([{ kind: 'quit' }]);
  });

  it.each(['', '   '])('does nothing where nothing is typed: "%s"', (text) => {
    const driver = run(text);
    expect(driver.state).toMatchObject({ screen: 'fleet', dialog: null });
  });

  it('is proposed where it is misspelt, and can be corrected', () => {
    const driver = run('quti');
    expect(footer(driver)).toContain('Did you mean :quit?');
    driver.press('backspace', 'backspace').type('it').press('enter');
    expect(driver.effects).toEqual([{ kind: 'quit' }]);
  });

  it.each(['xyzzy', 'constructor', '__proto__', 'toString'])(
    'is listed where it is none: %s',
    (text) => {
      expect(footer(run(text))).toContain('Commands: fleet, instance,');
    },
  );

  it.each(['open', 'open acme', 'open acme/pc-1', 'open a/b/c/d', 'why', 'why a//b'])(
    'stays to be corrected where its path is none: %s',
    (text) => {
      const driver = run(text);
      expect(driver.state).toMatchObject({ screen: 'fleet', dialog: { kind: 'prompt' } });
      expect(driver.state.dialog).not.toMatchObject({ problem: null });
    },
  );

  it('is left on esc', () => {
    expect(new Driver().press(':').type('quit').press('esc').effects).toEqual([]);
  });

  it('is taken as it is pasted', () => {
    const driver = new Driver().press(':');
    driver.send({ type: 'key', key: 'paste', typed: 'why acme/pc-1\n' }).press('enter');
    expect(driver.asked('why')?.input).toEqual({ path: 'acme/pc-1' });
  });
});
