/** A form as it is being filled in: labels, texts, and what is wrong with them. */
import { editText, startInput, type TextInput } from '../text-input.ts';
import { FORMS } from './forms.ts';
import type { Subject } from './subject.ts';

export interface Field {
  name: string;
  label: string;
  /** What may be entered, with an example. */
  help: string;
  input: TextInput;
  problem: string | null;
}

export interface Form {
  subject: Subject;
  title: string;
  fields: readonly Field[];
  focus: number;
}

/** Returns the form about a subject, with what is known filled in. */
export function startForm(subject: Subject): Form {
  const { title, fields } = FORMS[subject.kind];
  return {
    subject,
    title: title(subject as never),
    focus: 0,
    fields: fields.map(({ name, label, help, start }) => ({
      ...{ name, label, help, problem: null },
      input: startInput(start?.(subject as never) ?? ''),
    })),
  };
}

/** Returns the form after a key in the field that has the focus; it is looked at again as it is typed. */
export function editForm(form: Form, key: string, typed: string): Form {
  return changeField(form, form.focus, (field) => {
    const input = editText(field.input, key, typed);
    // What is not finished yet is not called wrong; what was called wrong may be right now.
    const problem = field.problem === null ? null : findProblem(form, field.name, input.text);
    return { ...field, input, problem };
  });
}

/** Returns the form with the field that has the focus looked at. */
export function checkField(form: Form): { form: Form; isValid: boolean } {
  const checked = changeField(form, form.focus, (field) => check(form, field));
  return { form: checked, isValid: checked.fields[form.focus]?.problem === null };
}

/** Returns the form with the focus so many fields further; the field that is left is looked at. */
export function moveFocus(form: Form, distance: number): Form {
  const { form: checked } = checkField(form);
  const focus = (form.focus + distance + form.fields.length) % form.fields.length;
  return { ...checked, focus };
}

/** Returns the form with every field looked at, and the focus on the first that is wrong. */
export function checkForm(form: Form): { form: Form; isValid: boolean } {
  const fields = form.fields.map((field) => check(form, field));
  const wrong = fields.findIndex(({ problem }) => problem !== null);
  const focus = wrong === -1 ? form.focus : wrong;
  return { form: { ...form, fields, focus }, isValid: wrong === -1 };
}

/** Returns what was entered, by the names of the fields, without the spaces around it. */
export function readValues({ fields }: Form): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, input }) => [name, input.text.trim()]));
}

function check(form: Form, field: Field): Field {
  return { ...field, problem: findProblem(form, field.name, field.input.text) };
}

/** By the very functions that the commands call. */
function findProblem({ subject }: Form, name: string, text: string): string | null {
  const spec = FORMS[subject.kind].fields.find((field) => field.name === name);
  try {
    spec?.check(text.trim());
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function changeField(form: Form, at: number, change: (field: Field) => Field): Form {
  return {
    ...form,
    fields: form.fields.map((field, index) => (index === at ? change(field) : field)),
  };
}
