import { describe, expect, it } from 'vitest';
import { formatShare } from '../../src/cli/history/availability.ts';
import { listUptimeSections } from '../../src/cli/history/machine-sections.ts';
import { listHistorySections } from '../../src/cli/history/sections.ts';
import { joinSections } from '../../src/cli/section.ts';
import { measureWidth } from '../../src/cli/width.ts';
import type { DiagnosticEntry } from '../../src/db/diagnostics/entries.ts';
import type { InstanceHistory } from '../../src/db/history/instance.ts';
import { DAY, HOUR, MINUTE } from '../support/instance-model.ts';
import { compute, NOW, openSpan, span, unobserved } from '../support/uptime.ts';

const NASTY = 'line one\nline two \u001b[31mred \u202e';
const LONG = 'x'.repeat(300);

function diagnostic(changes: Partial<DiagnosticEntry> = {}): DiagnosticEntry {
  return {
    ...{ customer: 'my-company', machine: 'press-1', software: 'line-control' },
    ...{ code: 4001, module: 'hydraulics', severity: 2, message: NASTY + LONG, context: null },
    ...{ count: 12, opened_at: NOW - HOUR, last_at: NOW, closed_at: null, closed_by: null },
    ...{ acknowledged_at: null, acknowledged_by: null, note: null, episodes: 1, ...changes },
  };
}

/** Something of everything. */
const HISTORY: InstanceHistory = {
  ...compute({
    closed: [
      span(-9 * DAY, -8 * DAY, { version: '1.0', ended_by: 'restart' }),
      ...Array.from({ length: 12 }, (_, index) =>
        span((index - 20) * 6 * HOUR, (index - 20) * 6 * HOUR + HOUR, { version: `1.${index}` }),
      ),
      span(-2 * HOUR, -HOUR, { episodes: 33, up_ms: 20 * MINUTE, ended_by: 'restart' }),
    ],
    open: openSpan(-50 * MINUTE, -40 * MINUTE, { version: NASTY + LONG }),
    statuses: [{ started_at: NOW - HOUR, ended_at: NOW, last_at: NOW, status: 'stopped' }],
    watch: { unobserved: [unobserved(-30 * HOUR, -25 * HOUR)] },
  }),
  statuses: [
    { ...word('stopped', NOW - HOUR, null), message: NASTY + LONG },
    word('error', NOW - 2 * HOUR, NOW - 2 * HOUR),
    word('running', NOW - DAY, NOW - HOUR),
  ],
  diagnostics: [diagnostic(), diagnostic({ severity: 1, acknowledged_by: 'anna', code: 7 })],
  closed_diagnostics: [diagnostic({ closed_at: NOW - MINUTE, closed_by: 'device' })],
};

function word(status: string, since: number, until: number | null) {
  return { status, message: null, since, until, last_at: since, count: 1, episodes: 1 };
}

const PAGES = {
  instance: (width: number | undefined) =>
    joinSections(listHistorySections(HISTORY, { nowMs: NOW, width })),
  machine: (width: number | undefined) =>
    joinSections(listUptimeSections(new Map([['line-control', HISTORY]]), { nowMs: NOW, width })),
};

describe.each(Object.entries(PAGES))('the history of a page of the %s', (_, render) => {
  it.each([80, 200])('fits into %d columns', (width) => {
    const lines = render(width).split('\n');
    expect(lines.filter((line) => measureWidth(line) > width)).toEqual([]);
  });

  it('is not cut where it goes into a file', () => {
    expect(render(undefined)).toContain(LONG);
  });

  it('has nothing that a terminal obeys', () => {
    expect(render(200).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('shows ten of a list, and says how many more there are', () => {
    const page = render(80);
    const [, outages = ''] = page.split('\noutages\n');
    expect(outages.split('\n\n')[0]?.split('\n')).toHaveLength(1 + 10 + 1);
    expect(page).toMatch(/^ {2}… 5 more: --json$/m);
  });
});

describe('the history of an instance for people', () => {
  const page = PAGES.instance(200);

  it('has a strip for each window, with what its marks mean', () => {
    expect(page).toMatch(/^ {2}24h +\d+\.\d\d % .* [█▄▁]{24}$/m);
    expect(page).toMatch(/^ {2}30d .*·{20,21}[█▄▁░]{9,10}$/m);
    expect(page).toContain('▄ partly   ▁ down');
  });

  it('notes of an outage that it goes on, and that it was planned', () => {
    expect(page).toMatch(/\(40 m ago\) {2}40 m +stopped, goes on$/m);
    expect(page).toMatch(/\(2 d ago\) .* not all observed$/m);
  });

  it('says of flapping what is known of it', () => {
    expect(page).toMatch(/^flapping\n {2}FROM .*\n {2}.*\(2 h ago\) {2}1 h +20 m +33$/m);
  });

  it('takes a word that contradicts another for a point in time', () => {
    expect(page).toMatch(/\(2 h ago\) {2}- +error/);
  });

  it('leaves out the sections of what never happened', () => {
    const nothing = { statuses: [], diagnostics: [], closed_diagnostics: [] };
    const sections = listHistorySections({ ...compute({}), ...nothing }, { nowMs: NOW, width: 80 });
    const [first, ...others] = sections.filter((section) => section !== '');
    expect(first).toMatch(/^availability\n/);
    expect(others).toEqual([]);
  });
});

it.each([
  [1, '100 %'],
  [0.99999, '99.99 %'],
  [0.5, '50.00 %'],
  [0.00001, '0.00 %'],
  [0, '0.00 %'],
  [null, null],
])('a share of %s is shown as %s: only what was never down is whole', (share, text) => {
  expect(formatShare(share)).toBe(text);
});
