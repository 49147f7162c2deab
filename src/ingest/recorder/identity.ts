import { hash } from 'node:crypto';
import { normalizeAddress } from '../../domain/address.ts';
import type { RefusedRequest } from './refused-request.ts';

const DIGEST_LENGTH = 22;

/**
 * Returns 128 bits, as text, of what makes refusals one episode: reason, path, endpoint, token and
 * address. Made of the request as it was sent, since redacting each of a flood's would be dear.
 */
export function identifyRefusal(refused: RefusedRequest): string {
  const { reason, customer, machine, software, tokenId, address } = refused;
  const parts = [reason, customer, machine, software, endpointOf(refused), tokenId];
  const identity = JSON.stringify([...parts, normalizeAddress(address)]);
  return hash('sha256', identity, 'base64url').slice(0, DIGEST_LENGTH);
}

/** Returns the endpoint, or the path where it leads to none; without its query, which a device may fill with the time. */
export function endpointOf({ endpoint, path }: RefusedRequest): string {
  return (endpoint || path).replace(/[?#].*$/s, '');
}
