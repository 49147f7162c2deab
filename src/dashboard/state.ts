/** Everything that the dashboard knows at one moment; what is shown follows from it alone. */

import type { RejectionEntry } from '../db/rejections/entries.ts';
import type { CreatedToken } from '../db/tokens/tokens.ts';
import type { FleetView } from './data/lines.ts';
import type { Failure } from './data/messages.ts';
import type { Overview } from './data/overview.ts';
import type {
  ChangeCall,
  CustomerPage,
  CustomerRow,
  DiagnosticRow,
  FleetRow,
  InstancePage,
  RejectionRow,
  WhyAnswer,
} from './data/requests.ts';
import type { Form } from './forms/form.ts';
import { emptyList, type List } from './list.ts';
import type { TextInput } from './text-input.ts';

export const SCREENS = ['fleet', 'instance', 'diagnostics', 'rejections', 'customers'] as const;
export type ScreenName = (typeof SCREENS)[number];

export const SCREEN_TITLES: Readonly<Record<ScreenName, string>> = {
  fleet: 'Fleet',
  instance: 'Instance',
  diagnostics: 'Diagnostics',
  rejections: 'Rejections',
  customers: 'Customers',
};

export interface State {
  columns: number;
  rows: number;
  /** Where the database is, as people may see it. */
  database: string;
  screen: ScreenName;
  /** Where `back` leads. */
  trail: readonly ScreenName[];
  /** Null until the fleet was read for the first time. */
  overview: Overview | null;
  /** What the thread of the data had to say last, above the footer. */
  notice: Notice | null;
  dialog: Dialog | null;
  fleet: FleetScreen;
  instance: InstanceScreen;
  diagnostics: DiagnosticsScreen;
  rejections: RejectionsScreen;
  customers: CustomersScreen;
}

export interface Notice {
  text: string;
  tone: 'good' | 'bad';
}

export interface FleetScreen {
  list: List<FleetRow>;
  view: FleetView;
}

export interface InstanceScreen {
  /** Which instance is looked at; null until one was opened. */
  path: string | null;
  /** Null while it is on its way, or where there is no such instance. */
  page: InstancePage | null;
  isMissing: boolean;
  scroll: number;
}

export interface DiagnosticsScreen {
  list: List<DiagnosticRow>;
  /** As it was typed; its words must all match. */
  filter: string;
  matching: number;
}

export interface RejectionsScreen {
  list: List<RejectionRow>;
  /** As it was typed; its words must all match. */
  filter: string;
  isPaused: boolean;
  /** The selected one with its payload; null while it is on its way. */
  detail: RejectionEntry | null;
  /** Whether the details take the whole screen, and how far they are scrolled. */
  isOpen: boolean;
  scroll: number;
  matching: number;
  notRecorded: number;
}

export interface CustomersScreen {
  list: List<CustomerRow>;
  page: CustomerPage | null;
  pane: 'customers' | 'tokens';
  /** Which of the customer's tokens is selected. */
  token: number;
}

/** What lies over the screen and has the keys. */
export type Dialog =
  | { kind: 'help'; scroll: number }
  | { kind: 'prompt'; purpose: 'filter' | 'command'; input: TextInput; problem: string | null }
  | { kind: 'form'; form: Form; isBusy: boolean; problem: Failure | null }
  | {
      kind: 'confirm';
      question: string;
      change: ChangeCall;
      isBusy: boolean;
      problem: Failure | null;
    }
  | { kind: 'choice'; title: string; options: readonly Option[]; index: number }
  | { kind: 'why'; path: string; answer: WhyAnswer | null; scroll: number }
  | { kind: 'secret'; created: CreatedToken; remark: string; isCopied: boolean };

/** One of several things to choose from, and the form about it or the question to be answered. */
export interface Option {
  label: string;
  next: Dialog;
}

export function startState(start: Pick<State, 'columns' | 'rows' | 'database'>): State {
  return {
    ...start,
    screen: 'fleet',
    trail: [],
    overview: null,
    notice: null,
    dialog: null,
    fleet: {
      list: emptyList(),
      view: { opened: [], closed: [], filter: '', order: 'worst', onlyRed: false },
    },
    instance: { path: null, page: null, isMissing: false, scroll: 0 },
    diagnostics: { list: emptyList(), filter: '', matching: 0 },
    rejections: {
      ...{ list: emptyList(), filter: '', isPaused: false, detail: null, isOpen: false, scroll: 0 },
      ...{ matching: 0, notRecorded: 0 },
    },
    customers: { list: emptyList(), page: null, pane: 'customers', token: 0 },
  };
}
