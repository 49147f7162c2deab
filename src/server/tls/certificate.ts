import type { X509Certificate } from 'node:crypto';

const DAY_MS = 86_400_000;
/** Let's Encrypt renews a month before the end; what is left at this point was forgotten. */
const SOON_MS = 14 * DAY_MS;

/** What the log says of a certificate. */
export function describeCertificate(certificate: X509Certificate) {
  return {
    subject: nameSubject(certificate),
    expires_at: certificate.validToDate.toISOString(),
  };
}

/** Returns what is wrong with the dates of a certificate at `nowMs`, or null. */
export function findDateFault(certificate: X509Certificate, nowMs: number): string | null {
  const endsAtMs = certificate.validToDate.getTime();
  if (nowMs < certificate.validFromDate.getTime()) return 'the certificate is not valid yet';
  if (nowMs > endsAtMs) return 'the certificate has expired';
  if (nowMs > endsAtMs - SOON_MS) return 'the certificate expires soon';
  return null;
}

// Certificates of today may have no subject but only alternative names.
function nameSubject({ subject, subjectAltName }: X509Certificate): string {
  return (subject || subjectAltName || '').replaceAll('\n', ', ');
}
