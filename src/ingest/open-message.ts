import type { Credential } from '../db/tokens/credentials.ts';
import { decodeMessage } from '../protocol/decode.ts';
import { parseJson } from '../protocol/json.ts';
import type { OpenRequest, ReadContext, Step } from './open-request.ts';
import { type MessageOutcome, type Refusal, refuse, refuseAsFailed } from './outcome.ts';
import { describeErrors, findField, quotePayload } from './quote.ts';
import type { MessageRequest } from './request.ts';
import { pathKey, pathOf } from './transitions/state.ts';
import { unpack } from './unpack.ts';

/** A request whose body is one message. */
export class OpenMessage implements OpenRequest {
  readonly request: MessageRequest;
  readonly #context: ReadContext;
  #outcome: MessageOutcome | null = null;

  constructor(request: MessageRequest, context: ReadContext) {
    this.request = request;
    this.#context = context;
  }

  read(credential: Credential): Step[] {
    const read = this.#decode(credential);
    if (!('ok' in read)) return [read];
    this.#outcome = read;
    return [];
  }

  settle(_step: Step, outcome: MessageOutcome): void {
    this.#outcome = outcome;
  }

  refuse(refusal: Refusal): void {
    this.#outcome ??= refusal;
  }

  finish(): MessageOutcome {
    const outcome = this.#outcome ?? refuseAsFailed();
    // Only once the token is known, and not for our own failures.
    if (outcome.ok || outcome.payload !== null || outcome.tokenId === '') return outcome;
    return { ...outcome, payload: this.#quote() };
  }

  /** A bug that one body brings to light must not cost the other requests of its batch. */
  #decode(credential: Credential): Step | Refusal {
    try {
      return this.#readMessage(credential);
    } catch (error) {
      return this.#context.describeFailure(error);
    }
  }

  #readMessage({ token_id: tokenId, customer: tokenCustomer }: Credential): Step | Refusal {
    const { limits } = this.#context;
    const known = { tokenId, tokenCustomer };
    const body = unpack(this.request, limits.bodyBytes);
    if (!(body instanceof Uint8Array)) return { ...body, ...known };
    const { endpoint, bearer } = this.request;
    const parsed = parseJson(body, { maxDepth: limits.jsonDepth });
    if (!parsed.ok) {
      const payload = quotePayload(body, { bearer, around: parsed.position });
      return refuse('invalid_json', parsed.detail, { ...known, payload });
    }
    const decoded = decodeMessage(endpoint, parsed.value, { limits });
    if (!decoded.ok) {
      const { errors } = decoded;
      const payload = quotePayload(body, { bearer, around: findField(body, errors) });
      return refuse('invalid_payload', describeErrors(errors, 'The body'), {
        ...known,
        payload,
        errors,
      });
    }
    const { message, warnings } = decoded;
    const path = pathOf(this.request);
    const key = pathKey(path);
    return { of: this, path, key, message, warnings, bytes: body.byteLength, line: 0 };
  }

  /** Unpacked anew: a refusal is rare, and a thousand unpacked bodies must not be kept for it. */
  #quote(): string | null {
    try {
      const body = unpack(this.request, this.#context.limits.bodyBytes);
      return body instanceof Uint8Array ? quotePayload(body, this.request) : null;
    } catch (error) {
      // The batch is committed; it must not fail for the sake of a quotation.
      this.#context.describeFailure(error);
      return null;
    }
  }
}
