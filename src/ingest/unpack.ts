import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { type Refusal, refuse } from './outcome.ts';
import type { IngestRequest } from './request.ts';

type Packed = Pick<IngestRequest, 'body' | 'isGzip'>;

const gunzipAside = promisify(gunzip);

/** The body as it was before gzip, or why there is none of at most `maxBytes`. */
export function unpack({ body, isGzip }: Packed, maxBytes: number): Uint8Array | Refusal {
  if (!isGzip) return body;
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    return describeFault(error, maxBytes);
  }
}

/** The same in a thread aside, for bodies of megabytes, which take tens of milliseconds. */
export async function unpackAside(
  { body, isGzip }: Packed,
  maxBytes: number,
): Promise<Uint8Array | Refusal> {
  if (!isGzip) return body;
  try {
    return await gunzipAside(body, { maxOutputLength: maxBytes });
  } catch (error) {
    return describeFault(error, maxBytes);
  }
}

function describeFault(error: unknown, maxBytes: number): Refusal {
  if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
    return refuse('payload_too_large', `The unpacked body is larger than ${maxBytes} bytes.`);
  }
  return refuse('invalid_json', 'The body is not valid gzip, although Content-Encoding says so.');
}
