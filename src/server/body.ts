import type { ByteBudget } from './byte-budget.ts';
import type { AppContext } from './context.ts';

/** The client went away, or was too slow, before its body had arrived; nobody reads an answer. */
export class BrokenUploadError extends Error {
  override readonly name = 'BrokenUploadError';
}

export interface BodyLimits {
  maxBytes: number;
  /** For larger bodies that are arriving, over all connections. */
  uploads: ByteBudget;
}

/** Why a body was not read to its end. */
export type UnreadBody = 'too_large' | 'overloaded';

/**
 * As much as a connection may hold in any case (its headers may, too). Messages are smaller, so that
 * whoever starts large uploads and does not end them is in nobody's way but that of large ones.
 */
const UNCOUNTED_BYTES = 16 * 1024;

/** The body, or why it is not read as soon as that is known; throws BrokenUploadError. */
export async function readBody(
  c: AppContext,
  limits: BodyLimits,
): Promise<Uint8Array | UnreadBody> {
  try {
    return await readWithin(c, limits);
  } catch (cause) {
    // Reading does nothing but wait for the connection, so there is no other way for it to fail.
    throw new BrokenUploadError('The upload broke off.', { cause });
  }
}

async function readWithin(c: AppContext, limits: BodyLimits): Promise<Uint8Array | UnreadBody> {
  const length = c.req.header('content-length');
  if (length === undefined) return await readCounted(openBody(c), limits);
  const declared = Number(length);
  if (declared > limits.maxBytes) return 'too_large';
  // Node holds a body to its declared length, so a small one needs no counting.
  if (declared <= UNCOUNTED_BYTES) return new Uint8Array(await c.req.arrayBuffer());
  if (declared > limits.uploads.left) return 'overloaded';
  return await readCounted(openBody(c), limits);
}

/** Node's own stream where there is a socket: made into one of the web, it takes twice the time. */
function openBody(c: AppContext): AsyncIterable<Uint8Array> | null {
  // Left open when it is not read to its end, because the answer goes over the same connection.
  return c.env?.incoming?.iterator({ destroyOnReturn: false }) ?? c.req.raw.body;
}

/** Takes from the budget what has arrived, not what was announced: to announce costs a sender nothing. */
async function readCounted(
  stream: AsyncIterable<Uint8Array> | null,
  { maxBytes, uploads }: BodyLimits,
): Promise<Uint8Array | UnreadBody> {
  if (stream === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let taken = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return 'too_large';
      const wanted = Math.max(0, bytes - UNCOUNTED_BYTES) - taken;
      if (!uploads.take(wanted)) return 'overloaded';
      taken += wanted;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    uploads.giveBack(taken);
  }
}
