import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startForm } from '../../../src/dashboard/forms/form.ts';
import { FORMS } from '../../../src/dashboard/forms/forms.ts';
import type { Subject } from '../../../src/dashboard/forms/subject.ts';
import { T0 } from '../../support/instance-model.ts';
import { Driver } from '../support/driver.ts';
import { customer, SECRET } from '../support/rows.ts';

const SUBJECTS: { [Kind in Subject['kind']]: Extract<Subject, { kind: Kind }> } = {
  'customer create': { kind: 'customer create', parent: null },
  'customer update': { kind: 'customer update', customer: customer('acme') },
  'token create': { kind: 'token create', customer: 'acme' },
  'token rotate': { kind: 'token rotate', id: 'AbCdEfGh' },
  'diagnostics ack': {
    kind: 'diagnostics ack',
    ...{ path: { customer: 'acme', machine: 'pc-1', software: 'app' }, code: 17, module: '' },
  },
};

function open(subject: Subject, size = {}): Driver {
  const driver = new Driver(size);
  const dialog = { kind: 'form', form: startForm(subject), isBusy: false, problem: null } as const;
  driver.state = { ...driver.state, dialog };
  return driver;
}

/** Goes to the field, and types the text in place of what is in it. */
function fill(driver: Driver, name: string, text: string): Driver {
  const fieldsOf = () => (driver.state.dialog?.kind === 'form' ? driver.state.dialog.form : null);
  const at = fieldsOf()?.fields.findIndex((field) => field.name === name) ?? -1;
  if (at === -1) throw new Error(`There is no field ${name}.`);
  while (fieldsOf()?.focus !== at) driver.press('tab');
  return driver.press('end', 'ctrl+u').type(text);
}

/** Presses enter until the form is done or refuses to go on. */
function submit(driver: Driver): Driver {
  for (let count = 0; count < 10 && driver.change() === undefined; count += 1)
    driver.press('enter');
  return driver;
}

const problemsOf = ({ state: { dialog } }: Driver) =>
  dialog?.kind === 'form'
    ? dialog.form.fields.flatMap(({ name, problem }) => (problem === null ? [] : [name]))
    : [];

describe.each(Object.values(SUBJECTS))('the form to $kind', (subject) => {
  it('has a title, and a label and help for every field', () => {
    const { title, fields } = startForm(subject);
    expect(title).not.toBe('');
    for (const { label, help } of fields) expect([label, help]).not.toContain('');
  });

  it('has no field twice', () => {
    const names = FORMS[subject.kind].fields.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('makes the change that it is about', () => {
    const driver = open(subject);
    if (subject.kind === 'customer create') fill(driver, 'slug', 'acme');
    expect(submit(driver).change()?.name).toBe(subject.kind);
  });

  it('goes through its fields and round, in both directions', () => {
    const driver = open(subject);
    const before = driver.screen();
    const count = startForm(subject).fields.length;
    driver.press(...Array(count).fill('tab'), ...Array(count).fill('shift+tab'));
    const focus = driver.state.dialog?.kind === 'form' ? driver.state.dialog.form.focus : -1;
    expect(focus).toBe(0);
    if (subject.kind !== 'customer create') expect(driver.screen()).toBe(before);
  });

  it('changes nothing on esc', () => {
    const driver = open(subject).type('x').press('esc');
    expect(driver.effects).toEqual([]);
    expect(driver.state.dialog).toBeNull();
  });
});

describe('what is entered', () => {
  it.each([
    ['customer create', 'slug', 'Not A Slug', 'is not a slug'],
    ['customer create', 'slug', '', 'is not a slug'],
    ['customer create', 'name', 'x'.repeat(201), '1 to 200 characters'],
    ['customer create', 'email', 'nobody', 'name@example.com'],
    ['customer create', 'phone', 'call me', 'digits, spaces'],
    ['customer create', 'parent', 'Not A Slug', 'the slug of a customer'],
    ['customer create', 'overdueAfter', '5', '5'],
    ['customer create', 'overdueAfter', '1s', 'overdue limit'],
    ['customer create', 'machineLimit', '0', 'machine limit'],
    ['customer create', 'machineLimit', 'many', 'machine limit'],
    ['customer update', 'email', 'nobody', 'name@example.com'],
    ['token create', 'name', 'x'.repeat(300), 'name'],
    ['token create', 'expires', 'tomorrow', 'is no expiry'],
    ['token create', 'expires', '2020-01-01', 'is not in the future'],
    ['token rotate', 'overlap', '', 'duration'],
    ['token rotate', 'overlap', 'soon', 'duration'],
    ['token rotate', 'expires', 'tomorrow', 'is no expiry'],
    ['diagnostics ack', 'note', '😀'.repeat(300), '1 to 500'],
    ['diagnostics ack', 'note', `lost ${SECRET}`, 'contains a token'],
    ['customer update', 'name', SECRET, 'contains a token'],
  ] as const)('of %s: %s is called wrong when the field is left (%#)', (kind, name, text, told) => {
    const driver = fill(open(SUBJECTS[kind], { columns: 200 }), name, text).press('tab');
    expect(problemsOf(driver)).toContain(name);
    expect(driver.screen().toLowerCase()).toContain(told.toLowerCase());
  });

  it('is not called wrong before it is finished', () => {
    expect(problemsOf(fill(open(SUBJECTS['token create']), 'expires', '9'))).toEqual([]);
  });

  it('is looked at again with every key once it was called wrong', () => {
    const driver = fill(open(SUBJECTS['token create']), 'expires', '90').press('enter');
    expect(problemsOf(driver)).toEqual(['expires']);
    expect(problemsOf(driver.type('d'))).toEqual([]);
    expect(driver.press('enter').change()?.name).toBe('token create');
  });

  it('goes nowhere while something is wrong, and the first wrong field has the focus', () => {
    const driver = fill(open(SUBJECTS['customer create']), 'slug', 'A B');
    fill(driver, 'email', 'nobody');
    fill(driver, 'machineLimit', '5').press('enter');
    expect(driver.effects).toEqual([]);
    expect(driver.state.dialog).toMatchObject({ form: { focus: 0 } });
    expect(problemsOf(driver)).toEqual(['slug', 'email']);
  });

  it('is taken without the spaces around it', () => {
    const driver = fill(open(SUBJECTS['customer create']), 'slug', '  acme ');
    fill(driver, 'email', ' a@b.example ');
    expect(submit(driver).change()?.input).toMatchObject({ slug: 'acme', email: 'a@b.example' });
  });

  it('leaves the name to be the slug where it is empty', () => {
    const created = fill(open(SUBJECTS['customer create']), 'slug', 'acme');
    expect(submit(created).change()?.input).toMatchObject({ name: undefined });
    const changed = fill(open(SUBJECTS['customer update']), 'name', '');
    expect(submit(changed).change()?.input).toMatchObject({ name: 'acme' });
  });

  it('clears a setting where it is empty', () => {
    const known = { email: 'a@b.example', phone: '+49 1', machine_limit: 5, overdue_after_ms: 6e5 };
    const subject = { kind: 'customer update', customer: customer('acme', known) } as const;
    const driver = open(subject);
    for (const name of ['email', 'phone', 'overdueAfter', 'machineLimit']) fill(driver, name, '');
    expect(submit(driver).change()?.input).toMatchObject({
      ...{ email: null, phone: null, overdueAfterMs: null, machineLimit: null },
    });
  });

  it('counts an expiry from now', () => {
    vi.useFakeTimers({ now: T0, toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const driver = fill(open(SUBJECTS['token rotate']), 'expires', '1d');
    expect(submit(driver).change()?.input).toMatchObject({ expiresAtMs: T0 + 86_400_000 });
  });
});

describe('a change that is under way', () => {
  const start = () => submit(fill(open(SUBJECTS['customer create']), 'slug', 'acme'));

  it('is not made twice, however often enter is pressed', () => {
    const driver = start().press('enter', 'enter');
    expect(driver.effects).toHaveLength(1);
  });

  it('cannot be typed into or left', () => {
    const driver = start();
    const before = driver.state;
    expect(driver.press('x', 'esc', 'tab').state).toBe(before);
  });

  it('that is refused says why and what to do, with everything that was typed', () => {
    const driver = start().refuse('There is a customer acme already.', 'fleet customer list');
    expect(driver.screen()).toContain('There is a customer acme already.');
    expect(driver.screen()).toContain('Try: fleet customer list');
    expect(driver.screen()).toMatch(/Slug +acme/);
  });

  it('that is refused can be corrected and made again', () => {
    const driver = start().refuse('There is a customer acme already.');
    fill(driver, 'slug', 'acme-2');
    expect(driver.screen()).not.toContain('already');
    expect(
      submit(fill(driver, 'machineLimit', ''))
        .press('enter')
        .change()?.input,
    ).toMatchObject({
      slug: 'acme-2',
    });
  });

  it('that is refused says so also on the smallest terminal', () => {
    const driver = start().send({ type: 'resize', columns: 60, rows: 15 });
    driver.refuse('There is a customer acme already.', 'fleet customer list');
    expect(driver.screen()).toContain('There is a customer acme already.');
    expect(driver.screen()).toContain('Try: fleet customer list');
  });
});

describe('a form on the smallest terminal', () => {
  it('keeps the field that is typed into in sight, also where all of them are wrong', () => {
    const driver = open(SUBJECTS['customer create'], { columns: 60, rows: 15 });
    const wrong = { slug: 'A B', name: 'x'.repeat(201), email: 'x', phone: 'x', parent: 'A B' };
    for (const [name, text] of Object.entries({ ...wrong, overdueAfter: 'x', machineLimit: 'x' })) {
      fill(driver, name, text).press('tab');
    }
    for (const { label } of startForm(SUBJECTS['customer create']).fields) {
      expect(driver.selected()).toContain(label);
      driver.press('tab');
    }
  });
});
