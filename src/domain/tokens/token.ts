import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { TOKEN_PATTERN } from './token-pattern.ts';

export const TOKEN_PREFIX = 'fm_';
export const TOKEN_LENGTH = 50;
export const TOKEN_ID_LENGTH = 8;

/**
 * What `token import` takes: the alphabet of RFC 6750 section 2.1, long enough not to be guessed.
 */
export const IMPORTED_TOKEN_LENGTH = { min: 8, max: 512 } as const;

const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const WHOLE_TOKEN = new RegExp(`^${TOKEN_PATTERN.source}$`);
const TOKEN_ID = new RegExp(`^[0-9A-Za-z]{${TOKEN_ID_LENGTH}}$`);
const B64TOKEN = /^[0-9A-Za-z._~+/-]+=*$/;

/**
 * Returns a new token with 190 random bits, and the public id in it; the id is not yet known to be
 * unused.
 */
export function generateToken(): { id: string; token: string } {
  const id = generateTokenId();
  const body = `${TOKEN_PREFIX}${id}_${randomBase62(SECRET_LENGTH)}`;
  return { id, token: body + checksumOf(body) };
}

/** Returns a random public id, as an imported token gets one that carries none itself. */
export function generateTokenId(): string {
  return randomBase62(TOKEN_ID_LENGTH);
}

/**
 * Returns the SHA-256 of the whole token, 32 bytes: all that is stored of it. A fast hash, because
 * the input cannot be guessed.
 */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Returns the SHA-256 of the whole token as 64 hexadecimal digits, for use as a key in memory. */
export function hashTokenHex(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Returns the public id that a token of our form carries, or null for any other text. */
export function readTokenId(token: string): string | null {
  if (!hasTokenForm(token)) return null;
  return token.slice(TOKEN_PREFIX.length, TOKEN_PREFIX.length + TOKEN_ID_LENGTH);
}

/** Returns whether the text is a public token id by its form. */
export function isTokenId(text: string): boolean {
  return TOKEN_ID.test(text);
}

/** Returns whether the text has the form of our tokens; its checksum may still be wrong. */
export function hasTokenForm(text: string): boolean {
  return WHOLE_TOKEN.test(text);
}

/**
 * Returns whether the text has the form of our tokens and no typo in it. A convenience, not a
 * security control.
 */
export function hasValidChecksum(token: string): boolean {
  if (!hasTokenForm(token)) return false;
  return token.slice(-CHECKSUM_LENGTH) === checksumOf(token.slice(0, -CHECKSUM_LENGTH));
}

/**
 * Returns whether the text can be a token of an earlier installation: 8 to 512 characters of the
 * RFC 6750 alphabet.
 */
export function isImportableToken(text: string): boolean {
  const { min, max } = IMPORTED_TOKEN_LENGTH;
  return text.length >= min && text.length <= max && B64TOKEN.test(text);
}

// Over everything before it, prefix, id and underscores included, so that a typo in the public part
// shows, too.
function checksumOf(body: string): string {
  let rest = crc32(body);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}

// Bytes from 248 on are thrown away: 256 is no multiple of 62, and a plain remainder would favour
// the first 8 letters.
function randomBase62(length: number): string {
  const unbiasedBelow = 256 - (256 % BASE62.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < unbiasedBelow && text.length < length) text += BASE62.charAt(byte % BASE62.length);
    }
  }
  return text;
}
