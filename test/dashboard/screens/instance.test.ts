import { describe, expect, it } from 'vitest';
import { Driver } from '../support/driver.ts';
import { diagnosticRow, fleetRow, instancePage, overview } from '../support/rows.ts';

const PATH = 'acme/pc-1/app';
const FIRST = { code: 17, module: 'tls', message: 'expired' };
const SECOND = { code: 4, module: '', message: 'disk full' };

function open(page: ReturnType<typeof instancePage> | null = instancePage()): Driver {
  const driver = new Driver().list('fleet', [fleetRow(PATH)]).press('enter');
  return driver.answer('instance', page);
}

describe('the screen of an instance', () => {
  it('says what to do while none is open', () => {
    const driver = new Driver().press('2');
    expect(driver.screen()).toContain('No instance is open. Press 1, and enter on one.');
    expect(driver.asked('instance')).toBeUndefined();
  });

  it('shows the instance that was opened', () => {
    const driver = open();
    expect(driver.asked('instance')?.input).toEqual({ path: PATH });
    expect(driver.screen()).toMatch(/software +acme\/pc-1\/app/);
  });

  it('says that there is no such instance', () => {
    expect(open(null).screen()).toContain(`There is no instance ${PATH}. w says why.`);
  });

  it('says so also where it was scrolled before', () => {
    const driver = open().press('G').answer('instance', null);
    expect(driver.screen()).toContain(`There is no instance ${PATH}.`);
  });

  it('scrolls to its end and not beyond, and back to its start', () => {
    const driver = open().press('G');
    expect(driver.screen()).toContain('field-59');
    const atEnd = driver.screen();
    expect(driver.press('down', 'pagedown').screen()).toBe(atEnd);
    expect(driver.press('g').screen()).toMatch(/software +acme\/pc-1\/app/);
  });

  it('keeps its place through news', () => {
    const driver = open().press('pagedown');
    const before = driver.screen();
    driver.send({ type: 'overview', overview: overview({ revision: 2 }) });
    expect(driver.answer('instance', instancePage()).screen()).toBe(before);
  });

  it('shows nothing of another instance that was asked for before', () => {
    const driver = new Driver().list('fleet', [fleetRow(PATH), fleetRow('acme/pc-2/app')]);
    const asked = { kind: 'instance', input: { path: PATH } } as const;
    driver.press('down', 'enter');
    driver.send({ type: 'answer', answer: { ...asked, output: instancePage() } });
    expect(driver.state.instance.page).toBeNull();
  });

  it('has nothing to acknowledge where no diagnostic is open', () => {
    const driver = open().press('a');
    expect(driver.screen()).toContain('No diagnostic is open here.');
    expect(driver.state.dialog).toBeNull();
  });

  it('acknowledges its only diagnostic, with a note', () => {
    const driver = open(instancePage([FIRST]))
      .press('a')
      .type('on it')
      .press('enter');
    const path = { customer: 'acme', machine: 'pc-1', software: 'app' };
    expect(driver.change()).toEqual({
      name: 'diagnostics ack',
      input: { path, code: 17, module: 'tls', note: 'on it' },
    });
    expect(driver.succeed({ changed: true }).screen()).toContain('Acknowledged 17.');
  });

  it('asks which of several diagnostics is to be acknowledged', () => {
    const driver = open(instancePage([FIRST, SECOND])).press('a');
    expect(driver.screen()).toContain('Acknowledge which one?');
    expect(driver.selected()).toContain('expired');
    driver.press('down', 'down');
    expect(driver.selected()).toContain('disk full');
    driver.press('enter', 'enter');
    expect(driver.change()?.input).toMatchObject({ code: 4, module: '', note: undefined });
  });

  it('does not offer what is acknowledged already', () => {
    const seen = { ...FIRST, acknowledged_at: 1 };
    const driver = open(instancePage([seen, SECOND])).press('a');
    expect(driver.screen()).toContain('Acknowledge 4 of acme/pc-1/app');
  });

  it('closes also what is acknowledged already', () => {
    const seen = { ...FIRST, acknowledged_at: 1 };
    const driver = open(instancePage([seen, SECOND])).press('x');
    expect(driver.selected()).toContain('(acknowledged)');
    driver.press('enter');
    expect(driver.screen()).toContain('Its next report opens it again.');
    expect(driver.press('y').change()).toMatchObject({
      name: 'diagnostics close',
      input: { code: 17, module: 'tls' },
    });
    expect(driver.succeed({ changed: true }).screen()).toContain('Closed 17.');
  });

  it('leaves the choice on esc', () => {
    const driver = open(instancePage([FIRST, SECOND])).press('a', 'esc');
    expect(driver.state).toMatchObject({ screen: 'instance', dialog: null });
  });

  it('copies its path, and asks why it is as it is', () => {
    const driver = open().press('y', 'w');
    expect(driver.effects).toEqual([{ kind: 'copy', text: PATH }]);
    expect(driver.asked('why')?.input).toEqual({ path: PATH });
  });

  it('goes back to where it was opened', () => {
    expect(open().press('esc').state.screen).toBe('fleet');
    const driver = new Driver().press('3').list('diagnostics', [diagnosticRow()]);
    expect(driver.press('enter').state.screen).toBe('instance');
    expect(driver.press('esc').state.screen).toBe('diagnostics');
  });
});
