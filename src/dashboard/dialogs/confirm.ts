import { BLANK, line, wrapText } from '../drawing/line.ts';
import { findCommand } from '../keys.ts';
import { go, goAnd } from '../update.ts';
import { changeDialog, closeDialog, type DialogModule } from './dialog.ts';

/** Asks whether a severe change is meant. */
export const confirmDialog: DialogModule<'confirm'> = {
  press: (state, dialog, { key }) => {
    if (dialog.isBusy) return go(state);
    const command = findCommand(key, ['confirm']);
    if (command === 'cancel') return go(closeDialog(state));
    if (command !== 'confirm') return go(state);
    const waiting = changeDialog<'confirm'>(state, dialog, { isBusy: true, problem: null });
    return goAnd(waiting, { kind: 'change', call: dialog.change });
  },
  render: ({ question, isBusy, problem }, { width }) => [
    ...wrapText(question, width, 'bold'),
    BLANK,
    line(isBusy ? '…' : 'y  yes     n  no', 'dim'),
    ...(problem === null ? [] : [BLANK, ...wrapText(problem.message, width, 'red')]),
  ],
};
