import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { aimCurl } from '../../src/cli/serve/curl.ts';
import { createAuthority, type IssueOptions } from '../support/certificates.ts';

const authority = await createAuthority();
const url = 'https://127.0.0.1:8443';
const certFile = '/etc/fleet/cert.pem';

async function aim(options: IssueOptions, change = {}) {
  const { cert } = await authority.issue(options);
  return aimCurl({ url, certFile, chain: [new X509Certificate(cert)], ...change });
}

describe('the curl line of the greeting', () => {
  it('needs no flags without TLS', () => {
    const plain = 'http://127.0.0.1:8080';
    expect(aimCurl({ url: plain, chain: [], certFile: undefined })).toEqual({
      url: plain,
      flags: '',
    });
  });

  it('trusts a certificate of a private CA', async () => {
    expect(await aim({})).toEqual({ url, flags: `--cacert ${certFile} ` });
  });

  it('trusts a public CA as every system does', () => {
    const chain = [new X509Certificate(rootCertificates[0] ?? '')];
    expect(aimCurl({ url, chain, certFile }).flags).not.toContain('--cacert');
  });

  it.each([
    ['fleet.example.com', url, 'fleet.example.com:8443:127.0.0.1'],
    ['*.example.com', url, 'fleet.example.com:8443:127.0.0.1'],
    ['fleet.example.com', 'https://[::1]', 'fleet.example.com:443:[::1]'],
  ])('uses the name %s of the certificate for %s', async (name, where, resolve) => {
    const { flags } = await aim({ name, addresses: [] }, { url: where });
    expect(flags).toBe(`--cacert ${certFile} --resolve ${resolve} `);
  });

  it('quotes a path that a shell would take apart', async () => {
    const { flags } = await aim({}, { certFile: "/my certs/it's.pem" });
    expect(flags).toBe(String.raw`--cacert '/my certs/it'\''s.pem' `);
  });
});
