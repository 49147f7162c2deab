import { BLANK, fitLine, type Line, line, markSelected, span } from '../drawing/line.ts';
import { findCommand } from '../keys.ts';
import { go } from '../update.ts';
import { changeDialog, closeDialog, type DialogModule } from './dialog.ts';

const HEAD: readonly Line[] = [BLANK];

/** Asks which of several is meant. */
export const choiceDialog: DialogModule<'choice'> = {
  press: (state, dialog, { key }) => {
    const command = findCommand(key, ['choice']);
    if (command === 'cancel') return go(closeDialog(state));
    if (command === 'choose') {
      return go({ ...state, dialog: dialog.options[dialog.index]?.next ?? null });
    }
    const distance = command === 'down' ? 1 : command === 'up' ? -1 : 0;
    const last = dialog.options.length - 1;
    const index = Math.max(0, Math.min(last, dialog.index + distance));
    return go(changeDialog<'choice'>(state, dialog, { index }));
  },
  render: ({ title, options, index }, { width, height }) => {
    const room = Math.max(1, height - HEAD.length - 1);
    const top = Math.max(0, index - room + 1);
    const rows = options.slice(top, top + room).map(({ label }, at) => {
      const isSelected = top + at === index;
      const text = fitLine([span(isSelected ? '> ' : '  '), span(label)], width);
      return isSelected ? markSelected(text, width) : text;
    });
    return [line(title, 'bold'), ...HEAD, ...rows];
  },
};
