import { custom } from '@oclif/core/flags';
import type { RejectionFilter } from '../../db/rejections/queries.ts';
import { normalizeAddress } from '../../domain/address.ts';
import { isReason, REASONS, type Reason } from '../../domain/rejections/reasons.ts';
import { listFlag, splitKnown, splitList } from '../comma-list.ts';
import { sinceFlag } from '../flags.ts';

const LOGGED = Object.keys(REASONS)
  .filter(isReason)
  .filter((name) => REASONS[name].logged);

const addressFlag = custom<string[]>({
  parse: async (text) => splitList(text).map(normalizeAddress),
});

const reasonFlag = custom<Reason[]>({
  parse: async (text) => splitKnown(text, { noun: 'reason', known: LOGGED }),
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
