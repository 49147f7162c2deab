import { printable } from '../domain/text/printable.ts';
import { TOKEN_PATTERN } from '../domain/tokens/token-pattern.ts';

// JSON.stringify escapes C0 controls only. What else a terminal would obey (C1 controls, bidi and
// invisible characters, line separators) is escaped as well, which changes nothing for a parser.
const TERMINAL_CONTROLS = /[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const EACH_TOKEN = new RegExp(TOKEN_PATTERN.source, 'g');

/** Returns the value as JSON that is safe to show in a terminal; indented, or on one line for NDJSON. */
export function encodeJson(value: unknown, { indent }: { indent?: number } = {}): string {
  return escapeControls(JSON.stringify(value, null, indent));
}

/** Returns JSON text with escapes for everything in its strings that a terminal would obey. */
export function escapeControls(json: string): string {
  return json.replace(
    TERMINAL_CONTROLS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Writes one line (or several) of data to stdout. */
export function writeOut(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes data to stdout as it comes, and ends the line. */
export function writePieces(pieces: Iterable<string>): void {
  for (const piece of pieces) process.stdout.write(piece);
  process.stdout.write('\n');
}

/** Writes one line about the data to stderr. */
export function writeNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Returns a message as one printable line in which no token of ours is left, whatever was typed into the command. */
export function cleanMessage(message: string): string {
  return printable(message.replace(EACH_TOKEN, '[token]'));
}
