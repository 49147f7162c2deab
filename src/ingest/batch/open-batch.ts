import type { Credential } from '../../db/tokens/credentials.ts';
import type { Reason } from '../../domain/rejections/reasons.ts';
import { cutText } from '../../domain/text/well-formed.ts';
import type { FieldError, MessageKind } from '../../protocol/messages.ts';
import type { OpenRequest, ReadContext, Step } from '../open-request.ts';
import { type MessageOutcome, type Outcome, type Refusal, refuse } from '../outcome.ts';
import { findField, quotePayload } from '../quote.ts';
import type { BatchRequest } from '../request.ts';
import { pathKey } from '../transitions/state.ts';
import { unpackAside } from '../unpack.ts';
import { decodeLine, type UnreadableLine } from './decode-line.ts';
import { Ledger } from './ledger.ts';
import { Lines } from './lines.ts';

/** What a slug is cut to on its way to the log: a line may hold a megabyte in its place. */
const NAMED_LENGTH = 1024;

/** Reasons that lie in no line: after the first of them, the lines that follow are not even tried. */
const ENDS_BATCH: ReadonlySet<Reason> = new Set([
  'token_unknown',
  'token_revoked',
  'token_expired',
  'customer_mismatch',
  'customer_inactive',
  'storage_unavailable',
]);

/** A request whose body has a message in each line. They are read as the transactions take them. */
export class OpenBatch implements OpenRequest {
  readonly request: BatchRequest;
  readonly #context: ReadContext;
  readonly #ledger = new Ledger();
  #credential: Credential | null = null;
  #lines: Lines = Lines.none;
  #end: Refusal | null = null;
  #unsettled = 0;
  #linesRead = 0;
  #isRead = false;

  constructor(request: BatchRequest, context: ReadContext) {
    this.request = request;
    this.#context = context;
  }

  async unpack(credential: Credential): Promise<number> {
    this.#credential = credential;
    const body = await unpackAside(this.request, this.#context.limits.batchBytes);
    const lines = body instanceof Uint8Array ? this.#split(body) : body;
    if (lines instanceof Lines) this.#lines = lines;
    else this.#end = { ...lines, ...this.#knowToken() };
    return this.#lines.bytes;
  }

  *read(): Generator<Step> {
    while (this.#linesRead < this.#lines.count) {
      const line = ++this.#linesRead;
      const step = this.#end ? this.#giveUp(line, this.#end) : this.#readLine(line);
      if (!step) continue;
      this.#unsettled += 1;
      yield step;
    }
    this.#isRead = true;
    this.#release();
  }

  settle(step: Step, outcome: MessageOutcome): void {
    if (outcome.ok) this.#ledger.accept(step.line, step.warnings);
    else this.#refuseStep(step, outcome);
    this.#unsettled -= 1;
    this.#release();
  }

  refuse(refusal: Refusal): void {
    this.#end ??= refusal;
  }

  /** As a whole it is refused only while nothing is accepted: what is in effect must be acknowledged. */
  finish(): Outcome {
    if (this.#end && this.#ledger.isNothingAccepted) return this.#end;
    // Where reading broke off, the lines that are left are given up: none may seem to be accepted.
    for (const _ of this.read());
    return this.#ledger.close(this.#credential?.expires_at ?? null);
  }

  #split(body: Uint8Array): Lines | Refusal {
    const { batchLines } = this.#context.limits;
    const detail = `The batch has more than ${batchLines} lines.`;
    return Lines.split(body, batchLines) ?? refuse('payload_too_large', detail);
  }

  /** The text goes as soon as nothing more can be quoted of it: other batches of the commit have theirs. */
  #release(): void {
    if (this.#isRead && this.#unsettled === 0) this.#lines = Lines.none;
  }

  #refuseStep({ line, path, message }: Step, refusal: Refusal): void {
    if (ENDS_BATCH.has(refusal.reason)) this.#end ??= refusal;
    this.#reject(line, refusal, { ...path, kind: message.kind });
  }

  #readLine(line: number): Step | null {
    const decoded = this.#decode(line);
    if (!decoded) return null;
    if (!decoded.ok) return this.#rejectUnreadable(line, decoded);
    const { machine, software, message, warnings } = decoded;
    const path = { customer: this.request.customer, machine, software };
    const bytes = this.#lines.sizeOf(line);
    return { of: this, path, key: pathKey(path), message, warnings, bytes, line };
  }

  /** A bug that one line brings to light must not cost the others. */
  #decode(line: number) {
    const { limits, describeFailure } = this.#context;
    try {
      return decodeLine(this.#lines, line, limits);
    } catch (error) {
      this.#reject(line, describeFailure(error), UNNAMED);
      return null;
    }
  }

  #giveUp(line: number, end: Refusal): null {
    if (!this.#lines.isBlank(line)) this.#reject(line, end, UNNAMED);
    return null;
  }

  #rejectUnreadable(line: number, { reason, detail, errors, ...named }: UnreadableLine): null {
    const refusal = refuse(reason, detail, { ...this.#knowToken(), errors });
    this.#reject(line, refusal, named);
    return null;
  }

  #reject(line: number, refusal: Refusal, { machine, software, kind, position }: Named): void {
    this.#ledger.reject(line, refusal, () => ({
      machine: cutText(machine, NAMED_LENGTH).text,
      software: cutText(software, NAMED_LENGTH).text,
      kind,
      payload: this.#quote(line, { position, errors: refusal.errors }),
    }));
  }

  /** What is too large to be a message is not worth the search for secrets in it. */
  #quote(line: number, { position, errors }: Fault): string | null {
    const { limits, describeFailure } = this.#context;
    if (this.#lines.sizeOf(line) > limits.bodyBytes) return null;
    const bytes = this.#lines.bytesOf(line);
    try {
      const around = position ?? (errors && findField(bytes, errors));
      return quotePayload(bytes, { bearer: this.request.bearer, around });
    } catch (error) {
      // Others of its lines are committed; they must not be lost sight of for a quotation.
      describeFailure(error);
      return null;
    }
  }

  #knowToken() {
    const { token_id: tokenId = '', customer: tokenCustomer = '' } = this.#credential ?? {};
    return { tokenId, tokenCustomer };
  }
}

interface Named {
  machine: string;
  software: string;
  kind: MessageKind | null;
  position?: number | null;
}

interface Fault {
  position: number | null | undefined;
  errors: readonly FieldError[] | null;
}

const UNNAMED: Named = { machine: '', software: '', kind: null };
