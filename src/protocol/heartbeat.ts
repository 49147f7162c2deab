import { ENVELOPE_KEYS, readEnvelope } from './envelope.ts';
import { MAX_PID, MAX_UPTIME_SECONDS } from './limits.ts';
import type { Heartbeat } from './messages.ts';
import {
  type NumberRule,
  pickKey,
  readCutText,
  readNumber,
  refuse,
  type TextRule,
} from './reading/fields.ts';
import { addWarning, type Findings, type JsonRecord } from './reading/findings.ts';
import { isWithin, toStorableText } from './reading/text.ts';

const IPS_KEYS = ['ips', 'ip_addresses'] as const;

export const HEARTBEAT_KEYS = [
  ...ENVELOPE_KEYS,
  ...IPS_KEYS,
  'version',
  'uptime_seconds',
  'pid',
  'hostname',
  'os',
] as const;

const VERSION: TextRule = { key: 'version', limit: 'versionLength' };
const HOSTNAME: TextRule = { key: 'hostname', limit: 'hostnameLength' };
const OS: TextRule = { key: 'os', limit: 'osLength' };

const UPTIME: NumberRule = {
  key: 'uptime_seconds',
  max: Number.MAX_VALUE,
  isInteger: false,
  expected: 'a number of 0 or more',
};

const PID: NumberRule = {
  key: 'pid',
  max: MAX_PID,
  isInteger: true,
  expected: `an integer from 0 to ${MAX_PID}`,
};

/** Returns the heartbeat; errors and warnings go into the findings. */
export function readHeartbeat(record: JsonRecord, findings: Findings): Heartbeat {
  const { tsMs, ageSeconds, session, seq } = readEnvelope(record, findings);
  return {
    kind: 'heartbeat',
    tsMs,
    ageSeconds,
    session,
    seq,
    version: readCutText(record, VERSION, findings),
    uptimeSeconds: readUptime(record, findings),
    pid: readNumber(record, PID, findings),
    ips: readIps(record, findings),
    hostname: readCutText(record, HOSTNAME, findings),
    os: readCutText(record, OS, findings),
  };
}

function readUptime(record: JsonRecord, findings: Findings): number | null {
  const seconds = readNumber(record, UPTIME, findings);
  if (seconds === null || seconds <= MAX_UPTIME_SECONDS) return seconds;
  addWarning(findings, UPTIME.key, `ignored: more than ${MAX_UPTIME_SECONDS} seconds`);
  return null;
}

function readIps(record: JsonRecord, findings: Findings): string[] | null {
  const key = pickKey(record, IPS_KEYS, findings);
  if (key === null) return null;
  const list = record[key];
  const { ipsCount, ipLength } = findings.limits;
  if (!Array.isArray(list)) return refuse(findings, key, 'must be a list of strings');
  if (list.length > ipsCount) {
    return refuse(findings, key, `must have at most ${ipsCount} entries, not ${list.length}`);
  }
  return list.map((ip: unknown, index) => {
    if (typeof ip === 'string' && isWithin(ip, ipLength)) return toStorableText(ip);
    refuse(findings, `${key}[${index}]`, `must be a string of at most ${ipLength} characters`);
    return '';
  });
}
