import type { AppContext } from './context.ts';

const MAPPED_IPV4 = '::ffff:';

/** The peer's address; IPv4 in its own form also where the socket listens on IPv6. */
export function readAddress(c: AppContext): string {
  const address = c.env?.incoming?.socket?.remoteAddress ?? '';
  return address.startsWith(MAPPED_IPV4) ? address.slice(MAPPED_IPV4.length) : address;
}
