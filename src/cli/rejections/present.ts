import type { RejectionEntry } from '../../db/rejections/entries.ts';
import type { Hint } from '../../domain/rejections/hints.ts';
import { formatInstant } from '../../domain/time/instant.ts';
import type { RejectionJson } from '../schemas/rejection.ts';

/** Returns the rejection with the command of its hint made whole, as by the flags that say where the database is. */
export function completeHint(
  entry: RejectionEntry,
  complete: (command: string) => string,
): RejectionEntry {
  const { text, command } = entry.hint;
  return { ...entry, hint: { text, command: command === null ? null : complete(command) } };
}

/** Returns the rejection as JSON shows it; null where the request named nothing. */
export function toRejectionJson(entry: RejectionEntry): RejectionJson {
  const { hint } = entry;
  return {
    id: entry.id,
    reason: entry.reason,
    http_status: entry.http_status,
    customer: entry.customer || null,
    machine: entry.machine || null,
    software: entry.software || null,
    endpoint: entry.endpoint || null,
    token_id: entry.token_id || null,
    token_customer: entry.token_customer || null,
    address: entry.address || null,
    detail: entry.detail,
    errors: entry.errors,
    payload: entry.payload,
    hint: joinHint(hint),
    command: hint.command,
    count: entry.count,
    solved: entry.solved,
    first_at: formatInstant(entry.first_at),
    last_at: formatInstant(entry.last_at),
  };
}

type Target = Pick<RejectionEntry, 'customer' | 'machine' | 'software' | 'endpoint'>;

/** Returns where the request went: `customer/machine/software/endpoint`, or the path that leads nowhere. */
export function describeTarget(entry: Target): string {
  const { customer, machine, software, endpoint } = entry;
  if (endpoint.startsWith('/')) return endpoint;
  return [customer, machine, software, endpoint].filter((part) => part !== '').join('/');
}

/** Returns the next step in a line: nothing to do, or what to do on the device, or the command that does it here. */
export function describeNextStep({ solved, hint }: RejectionEntry): string {
  return solved ? 'solved' : joinHint(hint);
}

function joinHint({ text, command }: Hint): string {
  return command === null ? text : `${text.replace(/\.$/, '')}: ${command}`;
}
