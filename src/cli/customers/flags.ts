import { custom, string } from '@oclif/core/flags';
import { parseMachineLimit } from '../../domain/customers/customer-input.ts';
import { overdueFlag } from '../flags.ts';

const limitFlag = custom<number | null>({
  helpValue: '<number|default>',
  parse: async (text) => parseMachineLimit(text),
});

/** The settings of a customer, alike for create and update. */
export const customerFlags = {
  name: string({ description: 'Display name; the slug unless given.', helpValue: '<text>' }),
  email: string({ description: 'E-mail address of the contact.', helpValue: '<address>' }),
  phone: string({ description: 'Phone number of the contact.', helpValue: '<number>' }),
  parent: string({ description: 'Customer that this one belongs to.', helpValue: '<slug>' }),
  'overdue-after': overdueFlag({
    description: 'Silence after which its devices are overdue, such as 5m.',
  }),
  'machine-limit': limitFlag({ description: 'How many machines it may have.' }),
};

export interface CustomerFlagValues {
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  parent?: string | undefined;
  'overdue-after'?: number | null | undefined;
  'machine-limit'?: number | null | undefined;
}

/** The settings that the flags give; an empty e-mail address or phone number clears it. */
export function readSettings(flags: CustomerFlagValues) {
  const { name, email, phone, parent } = flags;
  return {
    name,
    email: email === '' ? null : email,
    phone: phone === '' ? null : phone,
    parent,
    overdueAfterMs: flags['overdue-after'],
    machineLimit: flags['machine-limit'],
  };
}
