import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

export interface CurlTarget {
  /** Where the server is reached on this machine. */
  url: string;
  /** Its certificates, its own first; none without TLS. */
  chain: readonly X509Certificate[];
  /** The file that they come from. */
  certFile: string | undefined;
}

const HTTPS_PORT = '443';

/** Returns the URL, and the flags with a space after them, with which curl on this machine trusts the server. */
export function aimCurl({ url, chain, certFile }: CurlTarget): { url: string; flags: string } {
  const [certificate] = chain;
  if (!certificate || !certFile) return { url, flags: '' };
  const trust = isOfPublicCa(chain) ? '' : `--cacert ${quoteForShell(certFile)} `;
  const { hostname, port } = new URL(url);
  const name = findHostName(certificate);
  // A certificate is rarely for 127.0.0.1; for curl its name stands for this machine.
  if (!name || certificate.checkIP(hostname.replace(/^\[|\]$/g, ''))) return { url, flags: trust };
  const flags = `${trust}--resolve ${name}:${port || HTTPS_PORT}:${hostname} `;
  return { url: `https://${name}:${port || HTTPS_PORT}`, flags };
}

/** Whether a CA that every system knows stands at the end of the chain. */
export function isOfPublicCa(chain: readonly X509Certificate[]): boolean {
  const last = chain.at(-1);
  if (!last) return false;
  return rootCertificates.some((root) => last.checkIssued(new X509Certificate(root)));
}

function findHostName({ subject, subjectAltName }: X509Certificate): string | null {
  const name = /DNS:([\w.*-]+)/.exec(subjectAltName ?? '') ?? /^CN=([\w.*-]+)$/m.exec(subject);
  return name?.[1]?.replace(/^\*\./, 'fleet.') ?? null;
}

function quoteForShell(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
