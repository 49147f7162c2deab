import type { Line } from '../drawing/line.ts';
import type { Dialog, State } from '../state.ts';
import type { Update } from '../update.ts';
import { choiceDialog } from './choice.ts';
import { confirmDialog } from './confirm.ts';
import type { DialogModule, Press, Room } from './dialog.ts';
import { formDialog } from './form.ts';
import { helpDialog } from './help.ts';
import { promptDialog } from './prompt.ts';
import { secretDialog } from './secret.ts';
import { whyDialog } from './why.ts';

const MODULES: { [Kind in Dialog['kind']]: DialogModule<Kind> } = {
  choice: choiceDialog,
  confirm: confirmDialog,
  form: formDialog,
  help: helpDialog,
  prompt: promptDialog,
  secret: secretDialog,
  why: whyDialog,
};

/** Gives a key to the open dialog. */
export function pressInDialog(state: State, dialog: Dialog, press: Press): Update {
  return MODULES[dialog.kind].press(state, dialog as never, press);
}

/** Returns what the dialog shows in place of the screen; null where the screen stays in sight. */
export function renderDialog(dialog: Dialog, room: Room): readonly Line[] | null {
  return MODULES[dialog.kind].render(dialog as never, room);
}
