import type { AppContext } from './context.ts';

/** The client went away, or was too slow, before its body had arrived; nobody reads an answer. */
export class BrokenUploadError extends Error {
  override readonly name = 'BrokenUploadError';
}

/** The body, or `too_large` as soon as it is known to exceed `maxBytes`; throws BrokenUploadError. */
export async function readBody(c: AppContext, maxBytes: number): Promise<Uint8Array | 'too_large'> {
  try {
    return await readUpTo(c, maxBytes);
  } catch (cause) {
    // Reading does nothing but wait for the connection, so there is no other way for it to fail.
    throw new BrokenUploadError('The upload broke off.', { cause });
  }
}

async function readUpTo(c: AppContext, maxBytes: number): Promise<Uint8Array | 'too_large'> {
  const declared = c.req.header('content-length');
  if (declared !== undefined && Number(declared) > maxBytes) return 'too_large';
  // Node holds a body to its declared length, so only one without it has to be counted.
  if (declared !== undefined) return new Uint8Array(await c.req.arrayBuffer());
  return await readUndeclared(c.req.raw.body, maxBytes);
}

async function readUndeclared(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array | 'too_large'> {
  if (stream === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return 'too_large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
