/** How the machines of the demo behave: their past and their present, as tables. */
import type { MessageKind } from '../../protocol/messages.ts';
import type { FaultName } from './faults.ts';

/** A stretch in the life of a device in which nothing changes. */
export interface Phase {
  /** Minutes in the past, heartbeats in the present. */
  lasts: number;
  /** What it sends; everything unless given. */
  sends?: readonly MessageKind[];
  /** Its status word; `running` unless given. */
  says?: 'running' | 'degraded' | 'error' | 'stopped' | 'commissioning';
  /** Which of its troubles are open. */
  reports?: readonly ('error' | 'warning')[];
  /** It begins with a new process, or with that of a newer version. */
  begins?: 'restart' | 'upgrade';
}

export interface Behaviour {
  name: string;
  /** Its part of all machines; there is one of each at least. */
  share: number;
  /** Whether all software on the machine behaves so, and not only the first. */
  isOfMachine?: boolean;
  /** Ends now; nothing where the device was never accepted. */
  past: readonly Phase[];
  /** Begins now, and again from its start whenever it is over; nothing where the device has gone. */
  present: readonly Phase[];
  /** How many senders use the path at once; 1 unless given. */
  senders?: number;
  /** Why nothing it sends now is accepted. */
  fault?: FaultName;
  /** With this note its error was acknowledged. */
  acknowledged?: string;
}

const HOUR = 60;
const DAY = 24 * HOUR;

const SILENT: readonly MessageKind[] = [];
const STATUS_ONLY: readonly MessageKind[] = ['status'];

const FOREVER: readonly Phase[] = [{ lasts: 1_000 }];
/** What is refused is tried once an interval, as docs/http.md asks of a client. */
const REFUSED: readonly Phase[] = [{ lasts: 1_000, sends: ['heartbeat'] }];

const repeat = (times: number, phases: readonly Phase[]): Phase[] =>
  Array.from({ length: times }, () => phases).flat();

const failing: Phase = { lasts: 35, says: 'error', reports: ['error', 'warning'] };
const degraded: Phase = { lasts: 3 * HOUR, says: 'degraded', reports: ['warning'] };
const restarted: Phase = { lasts: 2, begins: 'restart' };

/** Never accepted until now, and not now either. */
const stray = (fault: FaultName): Behaviour => ({
  name: fault,
  share: 0,
  past: [],
  present: REFUSED,
  fault,
});

/** Healthy ones, which take all machines that are left; each with another past. */
export const HEALTHY: readonly Behaviour[] = [
  {
    name: 'steady',
    share: 0.4,
    past: [{ lasts: 3 * DAY }, { lasts: 20 * HOUR, begins: 'upgrade' }],
    present: FOREVER,
  },
  {
    name: 'after a power cut',
    share: 0.25,
    isOfMachine: true,
    past: [
      { lasts: 2 * DAY },
      { lasts: 50, sends: SILENT },
      { lasts: 26 * HOUR, begins: 'restart' },
    ],
    present: FOREVER,
  },
  {
    name: 'repaired',
    share: 0.2,
    past: [
      { lasts: 4 * DAY },
      { ...failing, lasts: 95 },
      { lasts: 12, says: 'stopped', sends: STATUS_ONLY },
      { lasts: 9 * HOUR, begins: 'restart' },
    ],
    present: FOREVER,
  },
  {
    name: 'new',
    share: 0.15,
    past: [{ lasts: 5 * HOUR }],
    present: FOREVER,
  },
];

/** Those that somebody should look at. */
export const TROUBLED: readonly Behaviour[] = [
  {
    name: 'failing',
    share: 0.02,
    past: [{ lasts: 2 * DAY }, failing],
    present: [{ ...failing, lasts: 1_000 }],
  },
  {
    name: 'silent',
    share: 0.02,
    isOfMachine: true,
    past: [{ lasts: 3 * DAY }, { lasts: 140, sends: SILENT }],
    present: [],
  },
  {
    name: 'degraded',
    share: 0.03,
    past: [{ lasts: 2 * DAY }, degraded],
    present: [{ ...degraded, lasts: 1_000 }],
  },
  {
    name: 'warned',
    share: 0.03,
    past: [{ lasts: 2 * DAY }, { lasts: 7 * HOUR, reports: ['warning'] }],
    present: [{ lasts: 1_000, reports: ['warning'] }],
  },
  {
    name: 'taken care of',
    share: 0.01,
    past: [{ lasts: 3 * DAY }, { lasts: 5 * HOUR, reports: ['error'] }],
    present: [{ lasts: 1_000, reports: ['error'] }],
    acknowledged: 'Spare part ordered, expected on Thursday',
  },
  {
    name: 'stopped',
    share: 0.02,
    isOfMachine: true,
    past: [{ lasts: 4 * DAY }, { lasts: 6 * HOUR, says: 'stopped', sends: STATUS_ONLY }],
    present: [{ lasts: 1_000, says: 'stopped', sends: STATUS_ONLY }],
  },
  {
    name: 'commissioning',
    share: 0.01,
    isOfMachine: true,
    past: [{ lasts: 4 * HOUR, says: 'commissioning', sends: STATUS_ONLY }],
    present: [{ lasts: 1_000, says: 'commissioning', sends: STATUS_ONLY }],
  },
  {
    name: 'on a bad line',
    share: 0.02,
    isOfMachine: true,
    past: [{ lasts: 2 * DAY }, ...repeat(6, [{ lasts: 4, sends: SILENT }, restarted])],
    present: [{ lasts: 3, sends: SILENT }, { lasts: 3 }],
  },
  {
    name: 'restarting',
    share: 0.01,
    past: [{ lasts: 2 * DAY }, ...repeat(28, [restarted])],
    present: [{ lasts: 3, begins: 'restart' }],
  },
  {
    name: 'failing now and then',
    share: 0.02,
    past: [{ lasts: 2 * DAY }],
    present: [{ lasts: 1 }, { ...failing, lasts: 3 }, { lasts: 4, begins: 'restart' }],
  },
  {
    name: 'being updated',
    share: 0.02,
    past: [{ lasts: 2 * DAY }, { lasts: 11 * HOUR, begins: 'upgrade' }],
    present: [{ lasts: 2 }, { lasts: 12, begins: 'upgrade' }],
  },
  {
    name: 'cloned',
    share: 0.01,
    past: [{ lasts: 2 * DAY }, ...repeat(6, [{ lasts: 4 }])],
    present: FOREVER,
    senders: 2,
  },
  {
    name: 'with an expired token',
    share: 0.01,
    past: [{ lasts: 5 * DAY }, { lasts: 65, sends: SILENT }],
    present: REFUSED,
    fault: 'token_expired',
  },
  {
    name: 'with a revoked token',
    share: 0,
    past: [{ lasts: 5 * DAY }, { lasts: 25, sends: SILENT }],
    present: REFUSED,
    fault: 'token_revoked',
  },
  stray('token_cut_off'),
  stray('token_foreign'),
  stray('token_missing'),
  stray('customer_misspelt'),
  stray('customer_mixed_up'),
  stray('machine_capitalized'),
  stray('endpoint_misspelt'),
  stray('payload_in_words'),
  stray('payload_without_status'),
];
