import { describe, expect, it } from 'vitest';
import { T0 } from '../../support/instance-model.ts';
import { Driver } from '../support/driver.ts';
import { diagnosticRow } from '../support/rows.ts';

const ROWS = [
  diagnosticRow(),
  diagnosticRow({ key: 'diagnostic-2', machine: 'pc-2', severity: 1, code: 4, module: '' }),
];

const open = (rows = ROWS) => new Driver().press('3').list('diagnostics', rows);

describe('the screen of the diagnostics', () => {
  it('says of each row the severity, the code, where, since when, how often and what', () => {
    const line = open().selected();
    expect(line).toMatch(/error +17.* acme\/pc-1\/app +1 h ago +×3 +expired/);
  });

  it('marks what is acknowledged', () => {
    const row = diagnosticRow({ acknowledged_at: T0, acknowledged_by: 'kim' });
    expect(open([row]).selected()).toContain('acknowledged');
  });

  it('says that nothing is open, or that nothing matches', () => {
    expect(open([]).screen()).toContain('No diagnostic is open.');
    const driver = open().press('/').type('x').list('diagnostics', []);
    expect(driver.screen()).toContain('Nothing matches. esc shows everything again.');
  });

  it('says how many there are where the list is cut off', () => {
    const driver = new Driver().press('3');
    const window = { rows: ROWS, from: 0, total: 2, index: 0 };
    driver.answer('diagnostics', { window, matching: 5_000 });
    expect(driver.screen()).toContain('2 open (the worst of 5000; / narrows)');
  });

  it('narrows to what holds every word that is typed', () => {
    const driver = open().press('down', '/').type('acme, tls');
    expect(driver.asked('diagnostics')?.input).toEqual({
      words: ['acme', 'tls'],
      slice: { key: null, index: 0 },
    });
    expect(driver.press('enter', 'esc').asked('diagnostics')?.input.words).toEqual([]);
  });

  it('opens the instance', () => {
    const { state } = open().press('j', 'enter');
    expect([state.screen, state.instance.path]).toEqual(['instance', 'acme/pc-2/app']);
  });

  it('acknowledges the selected one, without a note where none is typed', () => {
    expect(open().press('down', 'a', 'enter').change()).toEqual({
      name: 'diagnostics ack',
      input: {
        path: { customer: 'acme', machine: 'pc-2', software: 'app' },
        ...{ code: 4, module: '', note: undefined },
      },
    });
  });

  it('closes the selected one once that is confirmed', () => {
    const driver = open().press('x');
    expect(driver.press('n').effects).toEqual([]);
    expect(driver.press('x', 'y').change()).toMatchObject({
      name: 'diagnostics close',
      input: { code: 17, module: 'tls' },
    });
  });

  it('copies the path, and asks why the instance is as it is', () => {
    const driver = open().press('y', 'w');
    expect(driver.effects).toEqual([{ kind: 'copy', text: 'acme/pc-1/app' }]);
    expect(driver.asked('why')?.input).toEqual({ path: 'acme/pc-1/app' });
  });

  it('does nothing with keys that need a row where there is none', () => {
    const driver = open([]).press('enter', 'a', 'x', 'y', 'w');
    expect(driver.effects).toEqual([]);
    expect(driver.state).toMatchObject({ screen: 'diagnostics', dialog: null });
  });
});
