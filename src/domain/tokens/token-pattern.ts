/** Apart from `token.ts`, because every command needs it and few need the cryptography there. */

/**
 * Finds tokens in any text (secret scanners, log sinks); not global, so that `test` keeps no state.
 */
export const TOKEN_PATTERN = /\bfm_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}\b/;

/** Whether a token of our form stands anywhere in the text. */
export function holdsToken(text: string): boolean {
  return TOKEN_PATTERN.test(text);
}
