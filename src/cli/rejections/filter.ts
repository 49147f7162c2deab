import { custom } from '@oclif/core/flags';
import type { RejectionFilter } from '../../db/rejections/queries.ts';
import { normalizeAddress } from '../../domain/address.ts';
import { FleetError } from '../../domain/errors.ts';
import { isReason, REASONS, type Reason } from '../../domain/reasons.ts';
import { suggestSimilar } from '../../domain/suggest.ts';
import { sinceFlag } from '../flags.ts';
import { listFlag, splitList } from '../list-flag.ts';

const LOGGED = Object.keys(REASONS).filter((name) => isReason(name) && REASONS[name].logged);

const addressFlag = custom<string[]>({
  parse: async (text) => splitList(text).map(normalizeAddress),
});

const reasonFlag = custom<Reason[]>({
  parse: async (text) => splitList(text).map(requireReason),
});

/** What narrows the rejection log: all flags that are given must apply, of a comma list one item. */
export const rejectionFilterFlags = {
  customer: listFlag({
    description: 'Customers, in the path or of the token.',
    helpValue: '<customer,…>',
  }),
  machine: listFlag({ description: 'Machines in the path.', helpValue: '<machine,…>' }),
  reason: reasonFlag({ description: `Reasons: ${LOGGED.join(', ')}.`, helpValue: '<reason,…>' }),
  address: addressFlag({ description: 'Addresses of the senders.', helpValue: '<address,…>' }),
  since: sinceFlag({ description: 'Refused since then, as 15m or 2027-01-31.' }),
};

interface FilterFlags {
  customer: string[] | undefined;
  machine: string[] | undefined;
  reason: Reason[] | undefined;
  address: string[] | undefined;
  since: number | undefined;
}

/** Returns the filter that the flags describe. */
export function toFilter({
  customer,
  machine,
  reason,
  address,
  since,
}: FilterFlags): RejectionFilter {
  return {
    customers: customer,
    machines: machine,
    reasons: reason,
    addresses: address,
    sinceMs: since,
  };
}

function requireReason(text: string): Reason {
  if (isReason(text)) return text;
  const similar = suggestSimilar(text, LOGGED);
  const ending =
    similar === null ? `; reasons are ${LOGGED.join(', ')}.` : `; did you mean ${similar}?`;
  throw new FleetError('usage', `There is no reason "${text}"${ending}`);
}
