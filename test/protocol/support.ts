import type { DecodeOptions } from '../../src/protocol/decode.ts';
import { decodeMessage } from '../../src/protocol/decode.ts';
import type { FieldError, Message, MessageKind } from '../../src/protocol/messages.ts';

type Accepted<Kind extends MessageKind> = {
  message: Extract<Message, { kind: Kind }>;
  warnings: string[];
};

/** Returns the decoded message and its warnings; fails the test when the value is refused. */
export function accept<Kind extends MessageKind>(
  kind: Kind,
  value: unknown,
  options: DecodeOptions = {},
): Accepted<Kind> {
  const decoded = decodeMessage(kind, value, options);
  if (!decoded.ok) throw new Error(`refused: ${JSON.stringify(decoded.errors)}`);
  return decoded as unknown as Accepted<Kind>;
}

/** Returns the errors of a refused value; fails the test when it is accepted. */
export function refuse(
  kind: MessageKind,
  value: unknown,
  options: DecodeOptions = {},
): FieldError[] {
  const decoded = decodeMessage(kind, value, options);
  if (decoded.ok) throw new Error(`accepted: ${JSON.stringify(decoded.message)}`);
  return decoded.errors;
}

/** Returns the paths of the errors of a refused value. */
export function refusedPaths(kind: MessageKind, value: unknown): string[] {
  return refuse(kind, value).map(({ path }) => path);
}
