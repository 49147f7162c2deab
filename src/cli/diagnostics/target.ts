import { string } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import { FleetError } from '../../domain/errors.ts';

/** Which diagnostic `ack` and `close` are about. */
export const targetArguments = {
  path: string({ required: true, description: 'As customer/machine/software.' }),
  code: string({ description: 'Code of an open diagnostic; what is open is said without one.' }),
};

export const moduleFlag = stringFlag({
  description: "Its module, where the code is open in several; '' for the one without.",
  helpValue: '<module>',
});

/** Reads a code, which is any integer that a device may send. */
export function parseCode(text: string): number {
  const code = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(code)) return code;
  throw new FleetError('usage', `"${text}" is not a code: codes are whole numbers.`);
}
