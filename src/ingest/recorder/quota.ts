import { networkOf } from '../../domain/address.ts';

const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;
const OTHERS = '';

/**
 * New rows for each address within a minute, the same minute for all. Addresses beyond the first
 * ten thousand of a minute share one allowance: memory must not grow with a sender's imagination.
 */
export class AddressQuota {
  readonly #perMinute: number;
  readonly #taken = new Map<string, number>();
  #windowAtMs = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Takes one row from the allowance of the address, and returns whether there was one left. */
  take(address: string, nowMs: number): boolean {
    this.#turnWindow(nowMs);
    const network = networkOf(address);
    const isTracked = this.#taken.has(network) || this.#taken.size < MOST_ADDRESSES;
    const key = isTracked ? network : OTHERS;
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= this.#perMinute) return false;
    this.#taken.set(key, taken + 1);
    return true;
  }

  #turnWindow(nowMs: number): void {
    const elapsedMs = nowMs - this.#windowAtMs;
    if (elapsedMs >= 0 && elapsedMs < WINDOW_MS) return;
    this.#windowAtMs = nowMs;
    this.#taken.clear();
  }
}
