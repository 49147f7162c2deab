/** Acknowledging and closing a diagnostic, from whichever screen it is looked at. */
import { nameDiagnostic } from '../../domain/diagnostics/target.ts';
import type { SoftwarePath } from '../../domain/health/fleet.ts';
import { startForm } from '../forms/form.ts';
import type { Dialog, State } from '../state.ts';
import { go, type Update } from '../update.ts';

/** A diagnostic that is open. */
export interface OpenDiagnostic extends SoftwarePath {
  code: number;
  module: string;
  message: string;
  acknowledged_at: number | null;
}

/** Asks for a note, and before it which of several open diagnostics is meant. */
export function acknowledge(state: State, open: readonly OpenDiagnostic[]): Update {
  return choose(state, open, { title: 'Acknowledge which one?', ask: askForNote });
}

/** Asks whether it is meant, and before it which of several open diagnostics. */
export function close(state: State, open: readonly OpenDiagnostic[]): Update {
  return choose(state, open, { title: 'Close which one?', ask: askToClose });
}

function choose(
  state: State,
  open: readonly OpenDiagnostic[],
  { title, ask }: { title: string; ask: (diagnostic: OpenDiagnostic) => Dialog },
): Update {
  const [first, ...others] = open;
  if (!first) return go({ ...state, notice: { text: 'No diagnostic is open here.', tone: 'bad' } });
  if (others.length === 0) return go({ ...state, dialog: ask(first) });
  const options = open.map((each) => ({ label: describe(each), next: ask(each) }));
  return go({ ...state, dialog: { kind: 'choice', title, options, index: 0 } });
}

function askForNote({ customer, machine, software, code, module }: OpenDiagnostic): Dialog {
  const path = { customer, machine, software };
  const form = startForm({ kind: 'diagnostics ack', path, code, module });
  return { kind: 'form', form, isBusy: false, problem: null };
}

function askToClose({ customer, machine, software, code, module }: OpenDiagnostic): Dialog {
  const path = { customer, machine, software };
  const name = nameDiagnostic({ code, module });
  const question = `Close ${name} of ${customer}/${machine}/${software}? Its next report opens it again.`;
  const change = { name: 'diagnostics close', input: { path, code, module } } as const;
  return { kind: 'confirm', question, change, isBusy: false, problem: null };
}

function describe({ code, module, message, acknowledged_at }: OpenDiagnostic): string {
  const mark = acknowledged_at === null ? '' : ' (acknowledged)';
  return `${nameDiagnostic({ code, module })}${mark}  ${message}`;
}
