import type { HealthReasonCode } from '../health/judge.ts';
import type { Hint } from '../rejections/hints.ts';
import { slugCommand } from '../slug-command.ts';
import type { Evidence, Focus } from './evidence.ts';
import { checkDevice, followLog, showFocus } from './steps.ts';

interface Advice {
  /** When it is so, for the documentation. */
  when: string;
  advise: (focus: Focus, evidence: Evidence) => Hint[];
}

/** What to do about the worst reason of a light. */
export const HEALTH_ADVICE: Readonly<Record<HealthReasonCode, Advice>> = {
  overdue: {
    when: 'no heartbeat came for longer than the overdue limit, and nothing was refused',
    advise: (focus, { servers }) => [
      showFocus(focus, 'See where it ran and what it said last; is it switched on?'),
      ...checkDevice(focus, servers),
      followLog(focus.customer),
      {
        text: 'Where it is gone for good, forget it.',
        command: slugCommand`fleet software forget ${focus.customer}/${focus.machine}/${focus.software}`,
      },
    ],
  },
  status_error: {
    when: 'the device itself says `error`',
    advise: adviseOnStatus,
  },
  open_errors: {
    when: 'an error that it reported is open, and nobody has acknowledged it',
    advise: (focus) => [listDiagnostics(focus), acknowledgeWorst(focus), closeWorst(focus)],
  },
  status_degraded: {
    when: 'the device itself says `degraded`',
    advise: adviseOnStatus,
  },
  status_stopped: {
    when: 'the device said that it stops, which excuses its silence until it starts again',
    advise: (focus) => [showFocus(focus, 'See when it stopped; start it on the device.')],
  },
  acknowledged_errors: {
    when: 'an error that it reported is open and acknowledged',
    advise: (focus) => [listDiagnostics(focus), closeWorst(focus)],
  },
  open_warnings: {
    when: 'a warning that it reported is open; it ends when it is not repeated for a day',
    advise: (focus) => [listDiagnostics(focus), closeWorst(focus)],
  },
  two_senders: {
    when: 'two senders take turns on the path',
    advise: (focus) => [
      showFocus(
        focus,
        'Look several times: host name, addresses and pid are those of two. Give one of them another machine or software name, or stop it.',
      ),
    ],
  },
  no_heartbeat: {
    when: 'it sends diagnostics or status, but has never sent a heartbeat',
    advise: (focus) => [
      showFocus(focus, 'See what it sends; it must post heartbeats as well.'),
      followLog(focus.customer),
    ],
  },
};

/** What a device says of itself is mostly told in full by what it reported along with it. */
function adviseOnStatus(focus: Focus): Hint[] {
  const text = 'Read its message and snapshot; what is wrong is on the device.';
  const isReported = focus.health.reasons.some(({ code }) => REPORTED.includes(code));
  return [...(isReported ? [listDiagnostics(focus)] : []), showFocus(focus, text)];
}

const REPORTED = ['open_errors', 'acknowledged_errors', 'open_warnings'];

function listDiagnostics({ customer, machine, software }: Focus): Hint {
  const command = slugCommand`fleet diagnostics list ${customer}/${machine}/${software}`;
  return { text: 'See what it reported.', command };
}

function acknowledgeWorst({ customer, machine, software, worstCode }: Focus): Hint {
  return {
    text: 'Acknowledge it when somebody is at work on it; the light then turns yellow.',
    command: slugCommand`fleet diagnostics ack ${customer}/${machine}/${software} ${worstCode}`,
  };
}

function closeWorst({ customer, machine, software, worstCode }: Focus): Hint {
  return {
    text: 'Close it when it is settled and the device does not say so itself.',
    command: slugCommand`fleet diagnostics close ${customer}/${machine}/${software} ${worstCode}`,
  };
}
