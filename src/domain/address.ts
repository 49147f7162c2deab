import { isIPv6 } from 'node:net';

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** Returns the address in one form for each host: IPv4 that was mapped into IPv6 (RFC 4291 section 2.5.5.2) as IPv4, letters small, without a zone. */
export function normalizeAddress(address: string): string {
  const plain = dropZone(address);
  return readMappedIpv4(parseIpv6(plain)) ?? plain.toLowerCase();
}

/** Returns what one sender can hardly leave: the address itself for IPv4, its /64 for IPv6, where a host picks the rest freely. */
export function networkOf(address: string): string {
  const plain = normalizeAddress(address);
  const groups = parseIpv6(plain);
  if (groups === null) return plain;
  const prefix = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

function dropZone(address: string): string {
  return address.replace(/%.*$/s, '');
}

function parseIpv6(address: string): number[] | null {
  if (!isIPv6(address)) return null;
  const [head = '', tail] = address.split('::');
  const [first, last] = [readGroups(head), readGroups(tail ?? '')];
  const missing = GROUPS - first.length - last.length;
  return [...first, ...new Array<number>(missing).fill(0), ...last];
}

function readGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function readMappedIpv4(groups: number[] | null): string | null {
  if (groups === null) return null;
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : null;
}
