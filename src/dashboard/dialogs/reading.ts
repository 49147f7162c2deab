import { bodyHeight } from '../drawing/layout.ts';
import type { Line } from '../drawing/line.ts';
import { findCommand } from '../keys.ts';
import { distanceOf, scrollBy, showFrom } from '../scrolling.ts';
import type { Dialog } from '../state.ts';
import { go } from '../update.ts';
import { closeDialog, type DialogModule, type DialogOf } from './dialog.ts';

/** The dialogs that are only to be read. */
type Reading = Extract<Dialog, { scroll: number }>;

/** Returns a dialog that shows lines, as many as there are, and scrolls. */
export function reading<Kind extends Reading['kind']>(
  listLines: (dialog: DialogOf<Kind>, width: number) => readonly Line[],
): DialogModule<Kind> {
  return {
    press: (state, dialog, { key }) => {
      const command = findCommand(key, ['dialog']);
      if (command === 'dismiss' || key === '?') return go(closeDialog(state));
      const height = bodyHeight(state);
      const distance = distanceOf(command, height - 1);
      const room = { lines: listLines(dialog, state.columns).length, height };
      const open = dialog as Reading;
      return go({ ...state, dialog: { ...open, scroll: scrollBy(open.scroll, distance, room) } });
    },
    render: (dialog, { width, height }) =>
      showFrom(listLines(dialog, width), (dialog as Reading).scroll, height),
  };
}
