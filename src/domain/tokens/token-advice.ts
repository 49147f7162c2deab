import type { TokenForm } from './token-form.ts';

/**
 * What the operator does about an unknown token, by its form; `provide` where a token must come
 * from this side.
 */
export const TOKEN_ADVICE: Readonly<
  Record<TokenForm, { text: string; provide: 'create' | 'import' | null }>
> = {
  well_formed: {
    text: 'The token is whole but not in this database: it is of another installation, or the server uses another database than meant ("fleet config show"). Otherwise create a new one for the device.',
    provide: 'create',
  },
  cut_off: {
    text: 'The device has only the beginning of a token. Copy the whole of it; where it was not kept, create a new one.',
    provide: 'create',
  },
  too_long: {
    text: 'The device has more than the token. Remove what follows it; where the original was not kept, create a new one.',
    provide: 'create',
  },
  checksum_wrong: {
    text: 'The token on the device has a typo. Copy it again; where it was not kept, create a new one.',
    provide: 'create',
  },
  quoted: {
    text: 'Remove the quotes around the token on the device; the token itself need not change.',
    provide: null,
  },
  bearer_twice: {
    text: 'Remove the word Bearer from the token setting of the device, which adds it itself; the token need not change.',
    provide: null,
  },
  placeholder: {
    text: 'The device sends the placeholder of an example in place of a token. Create one and enter it on the device.',
    provide: 'create',
  },
  id_only: {
    text: 'The device sends what looks like the public id of a token. The token itself was shown once, when it was created; where it was not kept, create a new one.',
    provide: 'create',
  },
  whitespace: {
    text: 'The token on the device contains white space or a line break: remove it (a token file may end in one); the token itself need not change.',
    provide: null,
  },
  malformed: {
    text: 'What the device sends cannot be a token. Create one and enter it on the device.',
    provide: 'create',
  },
  foreign: {
    text: 'If the token is of an earlier installation, import it (the command reads it from its input), and the device need not be touched. Otherwise create a new one with "fleet token create".',
    provide: 'import',
  },
};
