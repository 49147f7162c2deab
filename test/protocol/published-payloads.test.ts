import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../../src/protocol/decode.ts';
import { parseJson } from '../../src/protocol/json.ts';
import { DEFAULT_WIRE_LIMITS } from '../../src/protocol/limits.ts';
import type { MessageKind } from '../../src/protocol/messages.ts';

const NO_ENVELOPE = { tsMs: null, ageSeconds: null, session: null, seq: null };

function decodeText(kind: MessageKind, text: string) {
  const parsed = parseJson(text, { maxDepth: DEFAULT_WIRE_LIMITS.jsonDepth });
  if (!parsed.ok) throw new Error(parsed.detail);
  return decodeMessage(kind, parsed.value);
}

describe('the payloads of the onboarding document, verbatim', () => {
  it('accepts the heartbeat', () => {
    const text = `{
"version": "1.0.0",
"uptime_seconds": 3600,
"pid": 1234,
"ips": ["10.0.0.5"]
}`;
    expect(decodeText('heartbeat', text)).toEqual({
      ok: true,
      message: {
        kind: 'heartbeat',
        ...NO_ENVELOPE,
        version: '1.0.0',
        uptimeSeconds: 3600,
        pid: 1234,
        ips: ['10.0.0.5'],
        hostname: null,
        os: null,
      },
      warnings: [],
    });
  });

  it('accepts the diagnostics', () => {
    const text = `{
"diagnostics": [
{"code": 1000, "message": "OK", "severity": 0}
]
}`;
    const item = { code: 1000, message: 'OK', severity: 0, module: '', context: null };
    expect(decodeText('diagnostics', text)).toEqual({
      ok: true,
      message: { kind: 'diagnostics', ...NO_ENVELOPE, items: [item] },
      warnings: [],
    });
  });

  it('accepts the status', () => {
    const text = `{
"status": "running",
"message": "Application running",
"snapshot": {"cpu": 45, "memory": 2048}
}`;
    expect(decodeText('status', text)).toEqual({
      ok: true,
      message: {
        kind: 'status',
        ...NO_ENVELOPE,
        status: 'running',
        message: 'Application running',
        snapshot: '{"cpu":45,"memory":2048}',
      },
      warnings: [],
    });
  });

  it('accepts the other generation of keys: ip_addresses, hostname, os, items', () => {
    const heartbeat = '{"ip_addresses":["10.0.0.5"],"hostname":"server-01","os":"Debian 12"}';
    const diagnostics = '{"items":[{"code":"1000","severity":"2","message":"disk full"}]}';
    expect(decodeText('heartbeat', heartbeat)).toMatchObject({
      message: { ips: ['10.0.0.5'], hostname: 'server-01', os: 'Debian 12' },
      warnings: [],
    });
    expect(decodeText('diagnostics', diagnostics)).toMatchObject({
      message: { items: [{ code: 1000, severity: 2, message: 'disk full' }] },
      warnings: [],
    });
  });
});
