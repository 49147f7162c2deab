import {
  hasTokenForm,
  hasValidChecksum,
  isImportableToken,
  isTokenId,
  TOKEN_LENGTH,
  TOKEN_PREFIX,
} from './token.ts';

/** What can be read from the form of an unknown token, each with a sentence for the device. */
export const TOKEN_FORMS = {
  well_formed:
    'The token has the right form but is not known here: it is of another installation or another database.',
  cut_off: `The token was cut off: a token has ${TOKEN_LENGTH} characters.`,
  too_long: `The token is too long: a token has ${TOKEN_LENGTH} characters.`,
  checksum_wrong: 'The token has a typo: its checksum does not match.',
  quoted: 'The token stands in quotes: send it without them.',
  bearer_twice: 'The word Bearer is sent twice: the token itself must not contain it.',
  placeholder: 'A placeholder was sent in place of a token.',
  id_only: 'This looks like the public id of a token: send the whole token.',
  whitespace: 'The token contains white space or a line break.',
  malformed: 'The token is too short, too long or contains characters that no token has.',
  foreign: 'The token is not known here and not of the form of this server.',
} as const;

export type TokenForm = keyof typeof TOKEN_FORMS;

type FormTest = { form: TokenForm; applies: (presented: string) => boolean };

// In the order of what says most: a quoted placeholder is a placeholder, a quoted cut-off token is
// quoted.
const FORM_TESTS: readonly FormTest[] = [
  { form: 'well_formed', applies: hasValidChecksum },
  { form: 'checksum_wrong', applies: hasTokenForm },
  { form: 'placeholder', applies: (presented) => isPlaceholder(stripWrapping(presented)) },
  { form: 'bearer_twice', applies: (presented) => /^["'`]?bearer(?:[\s:=]|$)/i.test(presented) },
  { form: 'quoted', applies: (presented) => /^\\?["'`‘’“”«»„]|["'`‘’“”«»„]$/.test(presented) },
  { form: 'whitespace', applies: (presented) => /\s|(?:\\[nrt]|%0[9ad]|%20)$/i.test(presented) },
  {
    form: 'cut_off',
    applies: (presented) => startsLikeOurs(presented) && presented.length < TOKEN_LENGTH,
  },
  {
    form: 'too_long',
    applies: (presented) => startsLikeOurs(presented) && presented.length > TOKEN_LENGTH,
  },
  { form: 'checksum_wrong', applies: startsLikeOurs },
  { form: 'id_only', applies: isTokenId },
  { form: 'foreign', applies: isImportableToken },
];

/** Returns what the form of an unknown token tells about why it is unknown. */
export function diagnoseTokenForm(presented: string): TokenForm {
  const readable = decodeHeaderBytes(presented);
  return FORM_TESTS.find((test) => test.applies(readable))?.form ?? 'malformed';
}

// Node reads header bytes as Latin-1; typographic quotes, no-break spaces and ellipses arrive as
// UTF-8.
function decodeHeaderBytes(presented: string): string {
  if (/[\u0100-\uffff]/.test(presented)) return presented;
  const decoded = Buffer.from(presented, 'latin1').toString('utf8');
  return decoded.includes('\uFFFD') ? presented : decoded;
}

function startsLikeOurs(text: string): boolean {
  return text.slice(0, TOKEN_PREFIX.length).toLowerCase() === TOKEN_PREFIX;
}

function stripWrapping(presented: string): string {
  return presented
    .replace(/^(?:["'`‘’“”\s]|\\"|bearer[\s:=])+/i, '')
    .replace(/["'`‘’“”\\\s]{1,8}$/, '');
}

const PLACEHOLDER_WORDS = new Set(
  `a an access api auth by change changeme copied copy customer device displayed dummy enter example fleet here ingest
  insert key me my mytoken new none null of paste placeholder put redacted replace sample secret tba tbd test the this to todo
  token undefined value with xxx your yourtoken`.split(/\s+/),
);

const PLACEHOLDER_SHAPES: readonly RegExp[] = [
  /^(?:<.*>|\{.*\}|\[.*\]|%.*%|\$.*)$/s, // <token> {token} [token] %TOKEN% $TOKEN ${TOKEN} $(fleet token create …)
  /[*•…]|\.\.\./, // a token that was masked or shortened for display
  /^(?:fm_)?[x_-]+$/i, // fm_xxxxxxxx_xxxx
];

function isPlaceholder(text: string): boolean {
  if (PLACEHOLDER_SHAPES.some((shape) => shape.test(text))) return true;
  const words = text.replace(/([a-z])([A-Z])/g, '$1 $2').split(/[-_.\s]+/);
  return words.every((word) => PLACEHOLDER_WORDS.has(word.toLowerCase()));
}
