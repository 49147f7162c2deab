import { describe, expect, it } from 'vitest';
import { renderMachines, renderSoftware } from '../../src/cli/software/tables.ts';
import { measureWidth } from '../../src/cli/width.ts';
import type { MachineItem } from '../../src/db/machines.ts';
import type { SoftwareItem } from '../../src/db/software.ts';
import { beating } from '../support/health-state.ts';
import { HOUR, T0 } from '../support/instance-model.ts';

const TEXT = 'status error: the camera of the third line has no picture any more';
const HEALTH = {
  light: 'red',
  reasons: [{ code: 'status_error', text: TEXT, since: T0 }],
} as const;

const MACHINE: MachineItem = {
  ...{
    customer: 'my-company',
    machine: 'packaging-line-3',
    health: { ...HEALTH, reasons: [...HEALTH.reasons] },
  },
  ...{ software_count: 2, first_seen_at: T0, last_seen_at: T0 },
  ...{ overdue_after_ms: null, customer_overdue_after_ms: null, effective_overdue_after_ms: HOUR },
};

const SOFTWARE: SoftwareItem = {
  ...beating({ customer: 'my-company', machine: 'line-3', status: 'degraded' }),
  ...{ health: MACHINE.health, version: '1.2.0', uptime_seconds: 1, pid: 1, ips: null },
  ...{ hostname: 'line-3.example.com', os: null, clock_skew_ms: null, snapshot: null },
  ...{ first_seen_at: T0, last_seen_at: T0, effective_overdue_after_ms: HOUR },
};

const PAGES = {
  machines: (width?: number) => renderMachines([MACHINE], { nowMs: T0, width }),
  software: (width?: number) => renderSoftware([SOFTWARE], { nowMs: T0, width }),
};

describe.each(Object.entries(PAGES))('the table of %s', (name, render) => {
  const path =
    name === 'machines' ? 'my-company/packaging-line-3' : 'my-company/line-3/line-control';

  it.each([80, 100, 140, 200])('fits %i columns, with the light, the path and why', (width) => {
    const lines = render(width).split('\n');
    for (const line of lines) expect(measureWidth(line)).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^HEALTH +.* WHY$/);
    expect(lines[1]).toContain(`✖ red   ${path}  `);
    expect(lines[1]).toContain('  status e');
  });

  it('is whole where it goes to a file', () => {
    expect(render().split('\n')[1]).toMatch(new RegExp(`${TEXT}$`));
  });
});
