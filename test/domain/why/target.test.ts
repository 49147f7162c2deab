import { describe, expect, it } from 'vitest';
import { isSamePath, isSimilarPath, splitPath } from '../../../src/domain/why/target.ts';

const refused = (path: string, changes: { reason?: string; token_customer?: string } = {}) => {
  const [customer = '', machine = '', software = ''] = path.split('/');
  return { customer, machine, software, reason: 'token_unknown', token_customer: '', ...changes };
};

describe('a refused request', () => {
  it.each([
    ['my-company/pc-1/app', 'my-company/pc-1/app'],
    ['my-company/pc-1', 'my-company/pc-1/app'],
    ['my-company', 'my-company/pc-1/app'],
    ['My-Company/PC1', 'My-Company/PC1/app'],
  ])('is of %s where it was sent to %s', (path, sent) => {
    expect(isSamePath(splitPath(path), refused(sent))).toBe(true);
    expect(isSimilarPath(splitPath(path), refused(sent))).toBe(false);
  });

  it('is of a customer where its token is', () => {
    const sent = refused('acme/pc-1/app', { token_customer: 'my-company' });
    expect(isSamePath(splitPath('my-company'), sent)).toBe(true);
    expect(isSamePath(splitPath('my-company/pc-1/app'), sent)).toBe(false);
    expect(isSimilarPath(splitPath('my-company/pc-1/app'), sent)).toBe(true);
    expect(isSimilarPath(splitPath('my-company/pc-2/other'), sent)).toBe(false);
  });

  it.each([
    'my-compny/pc-1/app',
    'my-company/pc1/app',
    'my-company/pc-1/ap',
    'My Company/PC-1/APP',
    'my-company',
  ])('to %s may be of the same device', (sent) => {
    expect(isSimilarPath(splitPath('my-company/pc-1/app'), refused(sent))).toBe(true);
  });

  it.each(['acme/pc-1/app', 'my-company/server/app', 'my-company/pc-1/watchdog', '', 'acme'])(
    'to "%s" is not of it',
    (sent) => {
      expect(isSimilarPath(splitPath('my-company/pc-1/app'), refused(sent))).toBe(false);
    },
  );

  it('to no endpoint is of the machine that it names, or of any where it names none', () => {
    const unknown = { reason: 'unknown_endpoint' };
    const target = splitPath('my-company/pc-1/app');
    expect(isSimilarPath(target, refused('my-company/pc-1/heartbeat', unknown))).toBe(true);
    expect(isSimilarPath(target, refused('my-company/pc-9/heartbeat', unknown))).toBe(false);
    expect(isSimilarPath(target, refused('my-company', unknown))).toBe(true);
  });
});
