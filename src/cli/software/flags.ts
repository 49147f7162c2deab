import { boolean, string } from '@oclif/core/flags';
import { pageFlags } from '../flags.ts';

/** What narrows the lists of machines and of software. */
export const fleetListFlags = {
  search: string({
    description: 'Part of a slug, a host name or an address.',
    helpValue: '<text>',
  }),
  all: boolean({ description: 'Also those of deactivated customers.' }),
  ...pageFlags,
};
