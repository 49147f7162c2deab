import type { Line } from '../drawing/line.ts';
import type { Dialog, State } from '../state.ts';
import type { Update } from '../update.ts';

export type DialogOf<Kind extends Dialog['kind']> = Extract<Dialog, { kind: Kind }>;

/** What has the keys as long as it is open. */
export interface DialogModule<Kind extends Dialog['kind']> {
  press: (state: State, dialog: DialogOf<Kind>, key: Press) => Update;
  /** The lines in place of the screen; null where the screen stays in sight. */
  render: (dialog: DialogOf<Kind>, room: Room) => readonly Line[] | null;
}

export interface Press {
  key: string;
  typed: string;
}

export interface Room {
  width: number;
  height: number;
}

/** Closes whatever is open. */
export function closeDialog(state: State): State {
  return { ...state, dialog: null };
}

/** Changes the open dialog. */
export function changeDialog<Kind extends Dialog['kind']>(
  state: State,
  dialog: DialogOf<Kind>,
  changes: Partial<DialogOf<Kind>>,
): State {
  return { ...state, dialog: { ...dialog, ...changes } as Dialog };
}
