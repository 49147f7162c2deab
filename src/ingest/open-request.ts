import type { Credential } from '../db/tokens/credentials.ts';
import type { WireLimits } from '../protocol/limits.ts';
import type { Message } from '../protocol/messages.ts';
import type { MessageOutcome, Outcome, Refusal } from './outcome.ts';
import type { IngestRequest } from './request.ts';
import type { Path } from './transitions/state.ts';

/** A request from when it is read until all of its messages have an outcome. */
export interface OpenRequest {
  readonly request: IngestRequest;
  /** What has to be waited for before the body is read; resolves to the bytes that it holds from then on. */
  unpack?(credential: Credential): Promise<number>;
  /** The messages of the body, one after the other; what can't be read is refused. */
  read(credential: Credential): Iterable<Step>;
  /** Refuses everything that has no outcome yet. */
  refuse(refusal: Refusal): void;
  /** Takes what became of a message, once that is committed. */
  settle(step: Step, outcome: MessageOutcome): void;
  /** What the request is answered. */
  finish(): Outcome;
}

/** One message on its way into a transaction. */
export interface Step {
  of: OpenRequest;
  path: Path;
  /** The path in one text; made once, because it is looked up several times. */
  key: string;
  message: Message;
  warnings: string[];
  /** Of its JSON text. */
  bytes: number;
  /** Counted from 1; 0 where the message is the whole body. */
  line: number;
}

export interface ReadContext {
  limits: WireLimits;
  /** The refusal for an error that nobody foresaw; reports it. */
  describeFailure: (error: unknown) => Refusal;
}
