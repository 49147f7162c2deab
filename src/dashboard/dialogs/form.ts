import type { Failure } from '../data/messages.ts';
import {
  BLANK,
  fitLine,
  type Line,
  line,
  measureLine,
  padLine,
  span,
  wrapText,
} from '../drawing/line.ts';
import {
  checkField,
  checkForm,
  editForm,
  type Field,
  moveFocus,
  readValues,
} from '../forms/form.ts';
import { FORMS } from '../forms/forms.ts';
import { findCommand } from '../keys.ts';
import { showFrom } from '../scrolling.ts';
import type { State } from '../state.ts';
import { renderInput } from '../text-input.ts';
import { go, goAnd, type Update } from '../update.ts';
import { changeDialog, closeDialog, type DialogModule, type DialogOf } from './dialog.ts';

const LABEL_WIDTH = 16;

export const formDialog: DialogModule<'form'> = {
  press: (state, dialog, { key, typed }) => {
    // While the change is under way, nothing must change under it.
    if (dialog.isBusy) return go(state);
    const command = findCommand(key, ['form']) ?? '';
    const press = COMMANDS[command];
    if (press) return press(state, dialog);
    const form = editForm(dialog.form, key, typed);
    return go(changeDialog<'form'>(state, dialog, { form, problem: null }));
  },
  render: renderForm,
};

type Press = (state: State, dialog: DialogOf<'form'>) => Update;

const COMMANDS: Readonly<Record<string, Press>> = {
  'next-field': (state, dialog) => move(state, dialog, 1),
  'previous-field': (state, dialog) => move(state, dialog, -1),
  submit: (state, dialog) => {
    const { focus, fields } = dialog.form;
    if (focus === fields.length - 1) return submit(state, dialog);
    const { form, isValid } = checkField(dialog.form);
    return isValid ? move(state, dialog, 1) : go(changeDialog<'form'>(state, dialog, { form }));
  },
  cancel: (state) => go(closeDialog(state)),
};

function move(state: State, dialog: DialogOf<'form'>, distance: number): Update {
  return go(changeDialog<'form'>(state, dialog, { form: moveFocus(dialog.form, distance) }));
}

function submit(state: State, dialog: DialogOf<'form'>): Update {
  const { form, isValid } = checkForm(dialog.form);
  if (!isValid) return go(changeDialog<'form'>(state, dialog, { form }));
  const call = FORMS[form.subject.kind].read(readValues(form), form.subject as never);
  const waiting = changeDialog<'form'>(state, dialog, { form, isBusy: true, problem: null });
  return goAnd(waiting, { kind: 'change', call });
}

function renderForm(
  { form, isBusy, problem }: DialogOf<'form'>,
  { width, height }: { width: number; height: number },
): readonly Line[] {
  const head = [line(form.title, 'bold'), BLANK];
  const fields = form.fields.map((field, at) => renderField(field, at === form.focus, width));
  const end = [BLANK, ...(isBusy ? [line('…', 'dim')] : renderProblem(problem, width))];
  const lines = [...head, ...fields.flat(), ...end];
  // On a low terminal what went wrong stays in sight, and else the field that is typed into.
  const focusEnd = [...head, ...fields.slice(0, form.focus + 1).flat()].length;
  const bottom = problem === null ? focusEnd : lines.length;
  return showFrom(lines, Math.max(0, bottom - height), height);
}

function renderProblem(problem: Failure | null, width: number): Line[] {
  if (problem === null) return [];
  const { message, hint } = problem;
  const told = wrapText(message, width, 'red');
  return hint === null ? told : [...told, ...wrapText(`Try: ${hint}`, width)];
}

function renderField(
  { label, help, input, problem }: Field,
  hasFocus: boolean,
  width: number,
): Line[] {
  const mark = span(hasFocus ? '> ' : '  ');
  const head = [mark, ...padLine(line(label, 'bold'), LABEL_WIDTH)];
  const room = width - measureLine(head);
  const text = hasFocus ? renderInput(input, room) : fitLine(line(input.text), room);
  const value = [...head, ...text];
  if (problem !== null) return [value, indent(problem, 'red', width)];
  return hasFocus ? [value, indent(help, 'dim', width)] : [value];
}

function indent(text: string, tone: 'red' | 'dim', width: number): Line {
  return fitLine([span(' '.repeat(2 + LABEL_WIDTH)), span(text, tone)], width);
}
