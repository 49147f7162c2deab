/** Decoded messages with everything absent that a test does not name. */
import type {
  DiagnosticItem,
  Diagnostics,
  Heartbeat,
  Status,
} from '../../src/protocol/messages.ts';

const ENVELOPE = { tsMs: null, ageSeconds: null, session: null, seq: null };

export function heartbeat(fields: Partial<Heartbeat> = {}): Heartbeat {
  return {
    ...ENVELOPE,
    kind: 'heartbeat',
    ...{ version: null, uptimeSeconds: null, pid: null, ips: null, hostname: null, os: null },
    ...fields,
  };
}

export function status(word: string, fields: Partial<Status> = {}): Status {
  return { ...ENVELOPE, kind: 'status', status: word, message: null, snapshot: null, ...fields };
}

/** Diagnostics of items of which at least code and severity are given. */
export function diagnostics(
  items: readonly (Pick<DiagnosticItem, 'code' | 'severity'> & Partial<DiagnosticItem>)[],
  fields: Partial<Diagnostics> = {},
): Diagnostics {
  const complete = items.map((item) => ({ message: '', module: '', context: null, ...item }));
  return { ...ENVELOPE, kind: 'diagnostics', items: complete, ...fields };
}
