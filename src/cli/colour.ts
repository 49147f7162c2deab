import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];
type Stream = { isTTY?: boolean };

/** Whether text on the stream may be coloured: only on a terminal that is not dumb, and unless NO_COLOR or FLEET_NO_COLOR is set (no-color.org). */
export function isColourful(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR || env.FLEET_NO_COLOR || env.TERM === 'dumb') return false;
  return stream.isTTY === true;
}

/** Returns the text in the format where stdout may be coloured, else as it is; the colour must never be all that tells. */
export function paint(format: Format, text: string, stream: Stream = process.stdout): string {
  return isColourful(stream) ? styleText(format, text, { validateStream: false }) : text;
}
