import { describe, expect, it } from 'vitest';
import { MINUTE, T0 } from '../../support/instance-model.ts';
import { Driver } from '../support/driver.ts';
import { overview, rejectionEntry, rejectionRow } from '../support/rows.ts';

const ROWS = ['r3', 'r2', 'r1'].map((id) => rejectionRow(id, { last_at: T0 - MINUTE }));

function open(rows = ROWS): Driver {
  const driver = new Driver().press('4').list('rejections', rows);
  const [first] = rows;
  return first ? driver.answer('rejection', rejectionEntry(first.id)) : driver;
}

/** One more was refused. */
function refuseAnother(driver: Driver): Driver {
  driver.send({ type: 'overview', overview: overview({ revision: 2 }) });
  return driver.list('rejections', [rejectionRow('r4'), ...ROWS]);
}

describe('the log of rejections', () => {
  it('says of each row when, how often, why, what and from where', () => {
    expect(open().selected()).toMatch(
      /1 m ago +×2 +invalid_payload +acme\/pc-1\/app.* 192\.0\.2\.1/,
    );
  });

  it('says that nothing was refused', () => {
    expect(open([]).screen()).toContain('Nothing was refused. A device that does not show up');
  });

  it('says how many are in it, how many match, and how many are in no log', () => {
    const driver = new Driver().press('4');
    const window = { rows: ROWS, from: 0, total: 3, index: 0 };
    driver.answer('rejections', { window, matching: 40, notRecorded: 7 });
    const head = '3 rejections (the newest of 40; / narrows)   following   7 more not recorded';
    expect(driver.screen()).toContain(head);
  });

  it('shows what to do first, and the payload with the field that is wrong', () => {
    const lines = open().press('enter').lines();
    expect(lines).toContain('Correct it on the device.');
    expect(lines).toContain('Try: fleet why acme/pc-1/app');
    expect(lines).toContain('wrong    items[0].code must be a number');
    expect(lines).toContain('!       "code": "x"');
  });

  it('says of what was accepted later that it is solved, and gives no advice', () => {
    const driver = open().answer('rejection', rejectionEntry('r3', { solved: true }));
    expect(driver.screen()).toContain('Solved: the same path was accepted later.');
    expect(driver.screen()).not.toContain('Try:');
  });

  it('follows what comes in while the selection is at the top', () => {
    const driver = refuseAnother(open());
    expect(driver.asked('rejection')?.input).toEqual({ id: 'r4' });
  });

  it('stays with one that was gone down to', () => {
    const driver = refuseAnother(open().press('down'));
    expect(driver.asked('rejection')?.input).toEqual({ id: 'r2' });
  });

  it('stays with one whose details are open', () => {
    const driver = refuseAnother(open().press('enter'));
    expect(driver.asked('rejection')?.input).toEqual({ id: 'r3' });
    expect(driver.state.rejections.isOpen).toBe(true);
  });

  it('asks for nothing new while it is paused, and goes to the newest when it follows again', () => {
    const driver = open().press('down', 'f');
    expect(driver.asked('rejections')?.input).toMatchObject({ isPaused: true });
    expect(driver.screen()).toContain('paused');
    expect(driver.press('space').asked('rejections')?.input).toEqual({
      ...{ words: [], isPaused: false, slice: { key: null, index: 0 } },
    });
  });

  it('opens the details, scrolls them to their end, and closes them', () => {
    const payload = JSON.stringify(Array.from({ length: 90 }, (_, at) => at));
    const driver = open().answer('rejection', rejectionEntry('r3', { payload })).press('enter');
    expect(driver.screen()).not.toContain('×2');
    driver.press('G');
    expect(driver.lines().at(-2)?.trim()).toBe(']');
    expect(driver.press('g').screen()).toContain('Correct it on the device.');
    expect(driver.press('esc').screen()).toContain('×2');
    expect(driver.state.screen).toBe('rejections');
  });

  it('shows nothing of the one before beside the one that is selected now', () => {
    const driver = open().press('down');
    expect(driver.state.rejections.detail).toBeNull();
    const late = { kind: 'rejection', input: { id: 'r3' }, output: rejectionEntry('r3') } as const;
    driver.send({ type: 'answer', answer: late });
    expect(driver.state.rejections.detail).toBeNull();
  });

  it('copies the command of the hint', () => {
    expect(open().press('y').effects).toEqual([{ kind: 'copy', text: 'fleet why acme/pc-1/app' }]);
  });

  it('says so where the hint has no command', () => {
    const hint = { text: 'Correct it on the device.', command: null };
    const driver = open().answer('rejection', rejectionEntry('r3', { hint })).press('y');
    expect(driver.effects).toEqual([]);
    expect(driver.screen()).toContain('There is no command to copy');
  });

  it('narrows by customer and reason, and shows everything again on esc', () => {
    const driver = open().press('down', '/').type('acme token_unknown').press('enter');
    expect(driver.asked('rejections')?.input).toEqual({
      ...{ words: ['acme', 'token_unknown'], isPaused: false, slice: { key: null, index: 0 } },
    });
    expect(driver.press('esc').asked('rejections')?.input.words).toEqual([]);
  });

  it('asks why of as much of the path as the request named', () => {
    const whole = open().press('w');
    expect(whole.asked('why')?.input).toEqual({ path: 'acme/pc-1/app' });
    const part = open([rejectionRow('r1', { machine: '', software: '' })]).press('w');
    expect(part.asked('why')?.input).toEqual({ path: 'acme' });
    const none = open([rejectionRow('r1', { customer: '', machine: '', software: '' })]);
    expect(none.press('w').state.dialog).toBeNull();
  });
});
