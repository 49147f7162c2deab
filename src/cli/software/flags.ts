import { boolean, custom, string } from '@oclif/core/flags';
import { LIGHTS, type Light } from '../../domain/health/light.ts';
import { splitKnown } from '../comma-list.ts';
import { pageFlags } from '../flags.ts';

const lightFlag = custom<Light[]>({
  parse: async (text) => splitKnown(text, { noun: 'light', known: LIGHTS }),
});

/** What narrows the lists of machines and of software. */
export const fleetListFlags = {
  search: string({
    description: 'Part of a slug, a host name or an address.',
    helpValue: '<text>',
  }),
  health: lightFlag({
    description: `Only those that show one of these lights: ${LIGHTS.join(', ')}.`,
    helpValue: '<light,…>',
  }),
  all: boolean({ description: 'Also those of deactivated customers.' }),
  ...pageFlags,
};
