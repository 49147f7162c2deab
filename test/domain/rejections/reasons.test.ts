import { describe, expect, it } from 'vitest';
import { isReason, REASONS } from '../../../src/domain/rejections/reasons.ts';

describe('the closed list of reasons', () => {
  it('stands in the order in which they are decided', () => {
    expect(Object.keys(REASONS)).toEqual([
      'rate_limited',
      'unknown_endpoint',
      'payload_too_large',
      'unsupported_encoding',
      'invalid_slug',
      'token_missing',
      'token_unknown',
      'token_revoked',
      'token_expired',
      'customer_mismatch',
      'customer_inactive',
      'invalid_json',
      'invalid_payload',
      'machine_limit_reached',
      'instance_limit_reached',
      'diagnostic_limit_reached',
      'overloaded',
      'storage_unavailable',
      'internal_error',
    ]);
  });

  it.each(Object.entries(REASONS))(
    'logs %s if and only if it is a 4xx',
    (_, { status, logged }) => {
      expect(logged).toBe(status < 500);
      expect(status).toBeGreaterThanOrEqual(400);
    },
  );

  it('contains nothing else', () => {
    expect(isReason('token_expired')).toBe(true);
    expect(isReason('toString')).toBe(false);
    expect(isReason('')).toBe(false);
  });
});
