import type { DiagnosticRow } from '../../src/db/diagnostics/entries.ts';
import type { Diagnostic, Instance } from '../../src/db/schema.ts';
import type { Interval } from '../../src/domain/time/observed.ts';
import { applyMessage } from '../../src/ingest/transitions/apply.ts';
import { diagnosticKey } from '../../src/ingest/transitions/diagnostic-sheet.ts';
import type { acknowledge } from '../../src/ingest/transitions/operator.ts';
import { dateMessage } from '../../src/ingest/transitions/receipt.ts';
import {
  createInstance,
  type HistoryEntry,
  type InstanceState,
  type Path,
  startState,
} from '../../src/ingest/transitions/state.ts';
import {
  DIAGNOSTIC_RULES,
  STATUS_RULES,
  Timeline,
  UP_RULES,
} from '../../src/ingest/transitions/timeline.ts';
import type { Message } from '../../src/protocol/messages.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The overdue limit of the instances in tests. */
export const OVERDUE = 5 * MINUTE;

/** A time to count from; round, so that instants in failures can be read. */
export const T0 = 1_700_000_000_000;

const PATH: Path = { customer: 'my-company', machine: 'press-1', software: 'line-control' };

/** One instance with its whole history in memory: what the commit does, without a database. */
export class InstanceModel {
  state: InstanceState;
  readonly up = new Timeline(UP_RULES);
  readonly status = new Timeline(STATUS_RULES);
  readonly diagnostic = new Timeline(DIAGNOSTIC_RULES);
  readonly unobserved: Interval[] = [];

  constructor(path: Path = PATH, atMs = T0) {
    this.state = startState(createInstance(path, { receivedAtMs: atMs, tokenId: 'AbCdEfGh' }));
  }

  /** Applies a message that is received `atMs` after T0; its age is the message's own. */
  receive(atMs: number, message: Message): { isDuplicate: boolean } {
    const surroundings = { overdueAfterMs: OVERDUE, tokenId: 'AbCdEfGh' };
    const { unobserved } = this;
    const receivedAtMs = T0 + atMs;
    const receipt = dateMessage(message, { receivedAtMs, unobserved, ...surroundings });
    const { state, history, isDuplicate } = applyMessage(this.state, message, receipt);
    this.state = state;
    for (const entry of history) this.#remember(entry);
    return { isDuplicate };
  }

  get row(): Instance {
    return this.state.row;
  }

  /** The last word on a code. */
  find(code: number, module = ''): Diagnostic | undefined {
    return this.state.diagnostics.get(diagnosticKey({ code, module }));
  }

  /** What an operator does with an open diagnostic `atMs` after T0. */
  operate(
    action: typeof acknowledge,
    code: number,
    {
      atMs = 0,
      by = 'anna',
      note = null,
    }: { atMs?: number; by?: string; note?: string | null } = {},
  ): DiagnosticRow {
    const open = this.find(code) as Diagnostic;
    const { state, history, diagnostic } = action(this.state, open, { by, atMs: T0 + atMs, note });
    this.state = state;
    for (const entry of history) this.#remember(entry);
    return diagnostic;
  }

  #remember(entry: HistoryEntry): void {
    if (entry.kind === 'up') this.up.apply(entry);
    else if (entry.kind === 'status') this.status.apply(entry);
    else this.diagnostic.apply(entry);
  }
}
