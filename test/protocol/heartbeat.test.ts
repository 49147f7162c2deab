import { describe, expect, it } from 'vitest';
import { DEFAULT_WIRE_LIMITS } from '../../src/protocol/limits.ts';
import { accept, refuse, refusedPaths } from './support.ts';

describe('a heartbeat', () => {
  it.each([
    ['an empty body', undefined],
    ['{}', {}],
    ['fields that are null', { version: null, pid: null, ips: null, ts: null, seq: null }],
  ])('is valid as %s', (_name, value) => {
    const { message, warnings } = accept('heartbeat', value);
    expect(Object.values(message).filter((field) => field !== null)).toEqual(['heartbeat']);
    expect(warnings).toEqual([]);
  });

  it.each([null, [], 'up', 1, true])('is refused as %j', (value) => {
    expect(refuse('heartbeat', value)).toEqual([{ path: '', message: 'must be a JSON object' }]);
  });

  it.each([
    ['uptime_seconds', 0],
    ['uptime_seconds', 0.25],
    ['uptime_seconds', 1e12],
    ['pid', 0],
    ['pid', 2 ** 32 - 1],
    ['ips', []],
    ['ips', ['not an address']],
    ['ips', Array(64).fill('x'.repeat(64))],
    ['version', ''],
    ['version', 'v'.repeat(200)],
  ])('takes %s = %j without a warning', (key, value) => {
    expect(accept('heartbeat', { [key]: value }).warnings).toEqual([]);
  });

  it.each([
    ['uptime_seconds', -0.1],
    ['uptime_seconds', Number.POSITIVE_INFINITY],
    ['uptime_seconds', '3600'],
    ['pid', -1],
    ['pid', 1.5],
    ['pid', 2 ** 32],
    ['pid', '1234'],
    ['ips', '10.0.0.5'],
    ['ips', {}],
    ['ips', Array(65).fill('::1')],
    ['version', 2],
    ['hostname', ['server-01']],
    ['os', {}],
    ['version', false],
  ])('is refused for %s = %j and names the field', (key, value) => {
    expect(refusedPaths('heartbeat', { [key]: value })).toEqual([key]);
  });

  it('names the address that is wrong, under the key the device used', () => {
    expect(refusedPaths('heartbeat', { ips: ['::1', 5] })).toEqual(['ips[1]']);
    expect(refusedPaths('heartbeat', { ip_addresses: ['x'.repeat(65)] })).toEqual([
      'ip_addresses[0]',
    ]);
  });

  it('takes ips before ip_addresses and says so', () => {
    const both = { ip_addresses: 'anything', ips: ['10.0.0.5'] };
    const { message, warnings } = accept('heartbeat', both);
    expect(message.ips).toEqual(['10.0.0.5']);
    expect(warnings).toEqual(["ip_addresses ignored, because 'ips' is present"]);
  });

  it('takes ip_addresses where ips is null', () => {
    expect(accept('heartbeat', { ips: null, ip_addresses: ['::1'] }).message.ips).toEqual(['::1']);
  });

  it.each(['version', 'hostname', 'os'])('cuts a %s of 201 characters with a warning', (key) => {
    const { message, warnings } = accept('heartbeat', { [key]: 'x'.repeat(201) });
    expect(message).toMatchObject({ [key]: 'x'.repeat(200) });
    expect(warnings).toEqual([`${key} cut to 200 characters`]);
  });

  it('leaves out an uptime from which no start can be computed, with a warning', () => {
    const { message, warnings } = accept('heartbeat', { uptime_seconds: 1e300 });
    expect(message.uptimeSeconds).toBeNull();
    expect(warnings).toEqual(['uptime_seconds ignored: more than 1000000000000 seconds']);
  });

  it('keeps to the limits it is given', () => {
    const limits = { ...DEFAULT_WIRE_LIMITS, versionLength: 3, ipsCount: 1 };
    expect(accept('heartbeat', { version: '1.0.0' }, { limits }).message.version).toBe('1.0');
    expect(refuse('heartbeat', { ips: ['a', 'b'] }, { limits })).toEqual([
      { path: 'ips', message: 'must have at most 1 entries, not 2' },
    ]);
  });

  it('reads minus zero as zero', () => {
    const { message } = accept('heartbeat', { uptime_seconds: -0, pid: -0 });
    expect([message.uptimeSeconds, message.pid]).toEqual([0, 0]);
  });
});
