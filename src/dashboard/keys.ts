/** Every key, in one table: the handler, the footer and the help overlay read from it. */
import type { ScreenName } from './state.ts';

/** Where a key works: on a screen, in anything with a list, or whatever is shown. */
export type Place =
  | ScreenName
  | 'list'
  | 'everywhere'
  | 'dialog'
  | 'form'
  | 'secret'
  | 'confirm'
  | 'choice';

export interface KeyBinding {
  /** As `nameKey` calls them; any of them. */
  keys: readonly string[];
  command: string;
  help: string;
  places: readonly Place[];
  /** Short text for the footer; left out of it without. */
  footer?: string;
}

const LISTS = ['list', 'dialog'] as const;

export const KEYS = [
  { keys: ['down', 'j'], command: 'down', help: 'next row', places: [...LISTS, 'choice'] },
  { keys: ['up', 'k'], command: 'up', help: 'row before', places: [...LISTS, 'choice'] },
  { keys: ['pagedown', 'ctrl+f'], command: 'page-down', help: 'a screen down', places: LISTS },
  { keys: ['pageup', 'ctrl+b'], command: 'page-up', help: 'a screen up', places: LISTS },
  { keys: ['g', 'home'], command: 'first', help: 'first row', places: LISTS },
  { keys: ['G', 'end'], command: 'last', help: 'last row', places: LISTS },

  {
    keys: ['enter'],
    command: 'open',
    help: 'open or close a node, open an instance',
    places: ['fleet'],
    footer: 'open',
  },
  { keys: ['right', 'l', 'space'], command: 'expand', help: 'expand', places: ['fleet'] },
  {
    keys: ['left', 'h'],
    command: 'collapse',
    help: 'collapse, or go to the node above',
    places: ['fleet'],
  },
  {
    keys: ['o'],
    command: 'only-red',
    help: 'only what is red, or everything',
    places: ['fleet'],
    footer: 'only red',
  },
  {
    keys: ['s'],
    command: 'sort',
    help: 'next order: worst, name, longest silence',
    places: ['fleet'],
    footer: 'sort',
  },

  {
    keys: ['a'],
    command: 'acknowledge',
    help: 'acknowledge a diagnostic, with a note',
    places: ['instance', 'diagnostics'],
    footer: 'acknowledge',
  },
  {
    keys: ['x'],
    command: 'close',
    help: 'close a diagnostic',
    places: ['instance', 'diagnostics'],
    footer: 'close',
  },
  {
    keys: ['enter'],
    command: 'open',
    help: 'open the instance',
    places: ['diagnostics'],
    footer: 'open',
  },

  {
    keys: ['enter'],
    command: 'open',
    help: 'the details in full, and back',
    places: ['rejections'],
    footer: 'details',
  },
  {
    keys: ['f', 'space'],
    command: 'follow',
    help: 'follow what comes in, or pause',
    places: ['rejections'],
    footer: 'follow',
  },
  {
    keys: ['y'],
    command: 'copy',
    help: "copy the hint's command",
    places: ['rejections'],
    footer: 'copy command',
  },

  {
    keys: ['n'],
    command: 'create-customer',
    help: 'create a customer',
    places: ['customers'],
    footer: 'new',
  },
  {
    keys: ['e'],
    command: 'edit-customer',
    help: 'edit the customer',
    places: ['customers'],
    footer: 'edit',
  },
  {
    keys: ['x'],
    command: 'deactivate',
    help: 'deactivate the customer, or activate it again',
    places: ['customers'],
  },
  {
    keys: ['t'],
    command: 'create-token',
    help: 'create a token for the customer',
    places: ['customers'],
    footer: 'token',
  },
  {
    keys: ['v'],
    command: 'revoke-token',
    help: 'revoke the selected token',
    places: ['customers'],
    footer: 'revoke',
  },
  {
    keys: ['R'],
    command: 'rotate-token',
    help: 'rotate the selected token',
    places: ['customers'],
    footer: 'rotate',
  },
  {
    keys: ['tab'],
    command: 'next-pane',
    help: 'between customers and tokens',
    places: ['customers'],
    footer: 'tokens',
  },

  {
    keys: ['w'],
    command: 'why',
    help: 'why it is as it is, and what to do',
    places: ['fleet', 'instance', 'diagnostics', 'rejections'],
    footer: 'why',
  },
  {
    keys: ['y'],
    command: 'copy',
    help: 'copy the path',
    places: ['fleet', 'instance', 'diagnostics'],
  },
  {
    keys: ['y'],
    command: 'copy',
    help: 'copy the public id, of the token or the slug',
    places: ['customers'],
  },
  {
    keys: ['/'],
    command: 'filter',
    help: 'filter',
    places: ['fleet', 'diagnostics', 'rejections'],
    footer: 'filter',
  },

  { keys: ['1'], command: 'show-fleet', help: 'Fleet', places: ['everywhere'] },
  { keys: ['2'], command: 'show-instance', help: 'Instance', places: ['everywhere'] },
  { keys: ['3'], command: 'show-diagnostics', help: 'Diagnostics', places: ['everywhere'] },
  { keys: ['4'], command: 'show-rejections', help: 'Rejections', places: ['everywhere'] },
  { keys: ['5'], command: 'show-customers', help: 'Customers', places: ['everywhere'] },
  { keys: ['tab'], command: 'next-screen', help: 'next screen', places: ['everywhere'] },
  {
    keys: ['shift+tab'],
    command: 'previous-screen',
    help: 'screen before',
    places: ['everywhere'],
  },
  { keys: ['esc'], command: 'back', help: 'back; without a filter first', places: ['everywhere'] },
  {
    keys: [':'],
    command: 'command',
    help: 'a command, such as :why my-company/pc-1',
    places: ['everywhere'],
  },
  { keys: ['r'], command: 'refresh', help: 'read everything anew', places: ['everywhere'] },
  { keys: ['?'], command: 'help', help: 'all keys', places: ['everywhere'], footer: 'help' },
  { keys: ['q'], command: 'quit', help: 'quit', places: ['everywhere'], footer: 'quit' },

  {
    keys: ['esc', 'q', 'enter'],
    command: 'dismiss',
    help: 'back',
    places: ['dialog'],
    footer: 'back',
  },
  {
    keys: ['tab', 'down'],
    command: 'next-field',
    help: 'next field',
    places: ['form'],
    footer: 'next field',
  },
  { keys: ['shift+tab', 'up'], command: 'previous-field', help: 'field before', places: ['form'] },
  {
    keys: ['enter'],
    command: 'submit',
    help: 'next field, and from the last one do it',
    places: ['form'],
    footer: 'do it',
  },
  {
    keys: ['esc'],
    command: 'cancel',
    help: 'cancel',
    places: ['form', 'confirm', 'choice'],
    footer: 'cancel',
  },
  { keys: ['y'], command: 'confirm', help: 'yes', places: ['confirm'], footer: 'yes' },
  { keys: ['n', 'q'], command: 'cancel', help: 'no', places: ['confirm'], footer: 'no' },
  { keys: ['enter'], command: 'choose', help: 'this one', places: ['choice'], footer: 'choose' },
  { keys: ['y'], command: 'copy', help: 'copy the token', places: ['secret'], footer: 'copy' },
  {
    keys: ['enter', 'esc', 'q'],
    command: 'dismiss',
    help: 'it is kept: hide it for ever',
    places: ['secret'],
    footer: 'I have it',
  },
] as const satisfies readonly KeyBinding[];

export type Command = (typeof KEYS)[number]['command'];

/** Returns the command of a key where the first of the places that knows it is; null where none does. */
export function findCommand(key: string, places: readonly Place[]): Command | null {
  for (const place of places) {
    const binding = listKeys(place).find(({ keys }) => keys.includes(key));
    if (binding) return binding.command as Command;
  }
  return null;
}

/** Returns the bindings of a place, in the order of the table. */
export function listKeys(place: Place): readonly KeyBinding[] {
  return BY_PLACE.get(place) ?? [];
}

const BY_PLACE: ReadonlyMap<Place, KeyBinding[]> = new Map(
  [...new Set(KEYS.flatMap(({ places }): readonly Place[] => places))].map((place) => [
    place,
    KEYS.filter(({ places }) => (places as readonly Place[]).includes(place)),
  ]),
);
