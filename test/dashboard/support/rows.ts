/** What the thread of the data answers, with everything that a test does not name. */
import type { Overview } from '../../../src/dashboard/data/overview.ts';
import type {
  CustomerPage,
  CustomerRow,
  DiagnosticRow,
  FleetRow,
  InstancePage,
  RejectionRow,
  WhyAnswer,
} from '../../../src/dashboard/data/requests.ts';
import type { RejectionEntry } from '../../../src/db/rejections/entries.ts';
import type { Customer } from '../../../src/db/schema.ts';
import type { CountedToken } from '../../../src/db/tokens/machines.ts';
import type { CreatedToken } from '../../../src/db/tokens/tokens.ts';
import { beating, watchAt } from '../../support/health-state.ts';
import { DAY, HOUR, MINUTE, OVERDUE, T0 } from '../../support/instance-model.ts';

export function overview(changes: Partial<Overview> = {}): Overview {
  return {
    ...{ revision: 1, atMs: T0, watchedUntilMs: T0, away: null },
    counts: { red: 1, yellow: 2, green: 3, grey: 0 },
    rates: { accepted: [10, 20], refused: [0, 1] },
    ...changes,
  };
}

export function fleetRow(key: string, changes: Partial<FleetRow> = {}): FleetRow {
  const parts = key.split('/');
  const kind = (['customer', 'machine', 'software'] as const)[parts.length - 1] ?? 'customer';
  return {
    ...{ key, kind, name: parts.at(-1) ?? '', title: null, depth: parts.length - 1 },
    openness: kind === 'software' ? null : 'closed',
    ...{ light: 'green', reasons: [], lastBeatAtMs: T0 - MINUTE, version: '1.0' },
    instance: kind === 'software' ? key : null,
    ...changes,
  };
}

export function diagnosticRow(changes: Partial<DiagnosticRow> = {}): DiagnosticRow {
  return {
    ...{ key: 'diagnostic-1', customer: 'acme', machine: 'pc-1', software: 'app' },
    ...{ code: 17, module: 'tls', severity: 2, message: 'expired', count: 3 },
    ...{ opened_at: T0 - HOUR, last_at: T0, closed_at: null, closed_by: null },
    ...{ acknowledged_at: null, acknowledged_by: null, note: null, episodes: 1 },
    ...changes,
  };
}

export function rejectionRow(id: string, changes: Partial<RejectionRow> = {}): RejectionRow {
  const { payload: _, errors: _e, hint: _h, ...entry } = rejectionEntry(id);
  return { key: id, ...entry, ...changes };
}

export function rejectionEntry(id: string, changes: Partial<RejectionEntry> = {}): RejectionEntry {
  return {
    ...{ id, customer: 'acme', machine: 'pc-1', software: 'app', endpoint: 'status' },
    ...{ reason: 'invalid_payload', http_status: 422, path: '/api/ingest/acme/pc-1/app/status' },
    ...{ token_id: 'AbCdEfGh', token_customer: 'acme', address: '192.0.2.1' },
    ...{ detail: 'status is missing', count: 2, first_at: T0 - HOUR, last_at: T0, solved: false },
    errors: [{ path: 'items[0].code', message: 'must be a number' }],
    payload: '{"items":[{"code":"x"}]}',
    hint: { text: 'Correct it on the device.', command: 'fleet why acme/pc-1/app' },
    ...changes,
  } as RejectionEntry;
}

export function customerRow(slug: string, changes: Partial<CustomerRow> = {}): CustomerRow {
  const counts = { red: 0, yellow: 0, green: 2, grey: 0 };
  const nothing = { depth: 0, isActive: true, light: 'green', counts } as const;
  return { key: slug, slug, name: slug, ...nothing, ...changes };
}

export function customer(slug: string, changes: Partial<Customer> = {}): Customer {
  const nothing = { email: null, phone: null, parent: null, deactivated_at: null };
  const limits = { overdue_after_ms: null, machine_limit: null };
  return { slug, name: slug, created_at: T0 - DAY, ...nothing, ...limits, ...changes };
}

export function token(id: string, changes: Partial<CountedToken> = {}): CountedToken {
  return {
    ...{ id, customer: 'acme', name: null, created_at: T0 - DAY, expires_at: null },
    ...{ revoked_at: null, replaces: null, last_used_at: null, last_used_address: null },
    machine_count: 1,
    ...changes,
  };
}

export function customerPage(slug: string, changes: Partial<CustomerPage> = {}): CustomerPage {
  const counts = { machines: 2, active_tokens: 1, children: [] };
  return { customer: customer(slug), counts, tokens: [token('token-01')], ...changes };
}

export const SECRET = 'fm_c07HlUQS_nHnmOSkPxlPgyB9kPhPVIAmRtpOqhm3P2z5YLH';

export function createdToken(changes: Partial<CreatedToken> = {}): CreatedToken {
  return {
    ...{ id: 'AbCdEfGh', customer: 'acme', name: null, created_at: T0, expires_at: null },
    ...{ revoked_at: null, replaces: null, token: SECRET },
    ...changes,
  };
}

/** Of an instance with these diagnostics open, and a snapshot that is longer than a screen. */
export function instancePage(
  diagnostics: readonly Partial<DiagnosticRow>[] = [],
  changes: Partial<InstancePage['item']> = {},
): InstancePage {
  const snapshot = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`field-${at}`, at]));
  return {
    item: {
      ...beating({ customer: 'acme', machine: 'pc-1', software: 'app' }),
      ...{ health: { light: 'green', reasons: [] }, version: '1.0', uptime_seconds: 1, pid: 1 },
      ...{ ips: null, hostname: null, os: null, clock_skew_ms: null, snapshot },
      ...{ first_seen_at: T0 - DAY, last_seen_at: T0, effective_overdue_after_ms: OVERDUE },
      ...changes,
    },
    history: {
      ...{ availability: [], outages: [], restarts: [], versions: [], episodes: [] },
      ...{ statuses: [], closed_diagnostics: [] },
      diagnostics: diagnostics.map((each) => ({
        ...{ ...diagnosticRow(each), context: null, closed_by: null, episodes: 1 },
      })),
    },
  };
}

export function whyAnswer(text = 'It is silent.'): WhyAnswer {
  const target = { customer: 'acme', machine: 'pc-1', software: 'app' };
  const steps = Array.from({ length: 40 }, (_, at) => ({ text: `Step ${at}.`, command: null }));
  return {
    finding: { code: 'silent', text, steps },
    evidence: {
      ...{ target, watch: watchAt(0), servers: [], state: null, token: null, refusals: [] },
      similarRefusals: [],
    },
  } as unknown as WhyAnswer;
}
