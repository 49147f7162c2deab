import { describeExpiry } from '../../cli/tokens/present.ts';
import { BLANK, line, wrapText } from '../drawing/line.ts';
import { findCommand } from '../keys.ts';
import { go, goAnd } from '../update.ts';
import { changeDialog, closeDialog, type DialogModule } from './dialog.ts';

/** A lifetime of 90 d was counted from when the form was read, a moment before the token was made. */
const ASKED_BEFORE_MS = 1_000;

/** Shows a new token, this once. */
export const secretDialog: DialogModule<'secret'> = {
  press: (state, dialog, { key }) => {
    const command = findCommand(key, ['secret']);
    if (command === 'dismiss') return go(closeDialog(state));
    if (command !== 'copy') return go(state);
    const copied = changeDialog<'secret'>(state, dialog, { isCopied: true });
    return goAnd(copied, { kind: 'copy', text: dialog.created.token });
  },
  render: ({ created, remark, isCopied }, { width }) => {
    const { id, customer, expires_at, created_at } = created;
    const expiry = describeExpiry(expires_at, created_at - ASKED_BEFORE_MS);
    const about = `Token ${id} of ${customer}; ${expiry}.`;
    return [
      line('A new token. It is shown only now, and stored nowhere.', 'bold'),
      BLANK,
      line(created.token, 'cyan'),
      BLANK,
      ...wrapText(about, width),
      ...(remark === '' ? [] : wrapText(remark, width)),
      BLANK,
      isCopied
        ? line('Copied, if the terminal allows it (OSC 52); otherwise select it by hand.', 'green')
        : line('y  copy     enter  I have it', 'dim'),
    ];
  },
};
