import { isUtf8 } from 'node:buffer';

const LINE_FEED = 0x0a;

/**
 * The lines of an unpacked batch, by number from 1. Only where they end is kept; a line becomes text
 * when it is asked for, so that ten thousand of them are never in memory as strings.
 */
export class Lines {
  readonly #bytes: Buffer;
  readonly #ends: readonly number[];
  readonly #isUtf8: boolean;

  static readonly none = new Lines(Buffer.alloc(0), []);

  private constructor(bytes: Buffer, ends: readonly number[]) {
    this.#bytes = bytes;
    this.#ends = ends;
    // Once for all, at 3 ns a line; only where that fails is each judged for itself.
    this.#isUtf8 = isUtf8(bytes);
  }

  /** The lines of the bytes, or null where there are more than `most`. A last line feed begins no line. */
  static split(source: Uint8Array, most: number): Lines | null {
    const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    const ends: number[] = [];
    for (let start = 0; start < bytes.length; ) {
      if (ends.length === most) return null;
      const at = bytes.indexOf(LINE_FEED, start);
      const end = at < 0 ? bytes.length : at;
      ends.push(end);
      start = end + 1;
    }
    return new Lines(bytes, ends);
  }

  /** Of all lines. */
  get bytes(): number {
    return this.#bytes.byteLength;
  }

  get count(): number {
    return this.#ends.length;
  }

  /** In bytes, without the line feed. A return before it is white space to the parser. */
  sizeOf(line: number): number {
    return this.#endOf(line) - this.#startOf(line);
  }

  /** The line as text where it is UTF-8, otherwise as bytes. */
  read(line: number): string | Uint8Array {
    if (!this.#isUtf8 && !isUtf8(this.bytesOf(line))) return this.bytesOf(line);
    return this.#bytes.toString('utf8', this.#startOf(line), this.#endOf(line));
  }

  isBlank(line: number): boolean {
    return this.bytesOf(line).toString('latin1').trim() === '';
  }

  bytesOf(line: number): Buffer {
    return this.#bytes.subarray(this.#startOf(line), this.#endOf(line));
  }

  #startOf(line: number): number {
    return line === 1 ? 0 : (this.#ends[line - 2] ?? 0) + 1;
  }

  #endOf(line: number): number {
    return this.#ends[line - 1] ?? 0;
  }
}
