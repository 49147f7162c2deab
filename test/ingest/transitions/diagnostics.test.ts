import { describe, expect, it } from 'vitest';
import { KEPT_INFORMATIONAL } from '../../../src/ingest/transitions/diagnostic-sheet.ts';
import { acknowledge } from '../../../src/ingest/transitions/operator.ts';
import { DAY, HOUR, InstanceModel, MINUTE, T0 } from '../../support/instance-model.ts';
import { diagnostics } from '../../support/messages.ts';

const INFO = { code: 500, severity: 0 } as const;
const WARNING = { code: 500, severity: 1 } as const;
const ERROR = { code: 500, severity: 2 } as const;

describe('diagnostic episode', () => {
  it('opens with a severity above 0 and counts its repetitions, the latest text kept', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ ...ERROR, message: 'spindle 80 °C', context: '{"c":80}' }]));
    model.receive(MINUTE, diagnostics([{ ...ERROR, message: 'spindle 81 °C' }]));
    expect(model.find(500)).toMatchObject({
      ...{ message: 'spindle 81 °C', context: null, count: 2 },
      ...{ opened_at: T0, last_at: T0 + MINUTE },
    });
    expect(model.diagnostic.list()).toEqual([]);
  });

  it('closes when the code is reported with severity 0', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ ...ERROR, message: 'jam' }]));
    model.receive(MINUTE, diagnostics([{ ...INFO, message: 'cleared' }]));
    expect(model.diagnostic.list()).toMatchObject([
      { opened_at: T0, closed_at: T0 + MINUTE, severity: 2, message: 'jam', closed_by: 'device' },
    ]);
    expect(model.row).toMatchObject({ open_errors: 0, worst_severity: 0, worst_code: null });
  });

  it('is told apart by its module, of which a missing one is its own', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([ERROR, { ...ERROR, module: 'pump' }]));
    model.receive(MINUTE, diagnostics([{ ...INFO, module: 'pump' }]));
    expect(model.row.open_errors).toBe(1);
    expect(model.find(500)?.severity).toBe(2);
  });

  it('ends and begins anew when the severity changes', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([WARNING]));
    model.receive(MINUTE, diagnostics([ERROR]));
    expect(model.diagnostic.list()).toMatchObject([{ severity: 1, closed_by: 'severity' }]);
    expect(model.find(500)).toMatchObject({ severity: 2, opened_at: T0 + MINUTE, count: 1 });
  });

  it('takes the items of one request in their order', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([ERROR, INFO, WARNING]));
    expect(model.find(500)?.severity).toBe(1);
    expect(model.row).toMatchObject({ open_errors: 0, open_warnings: 1 });
  });

  it('is not changed by an empty list', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([ERROR]));
    const before = model.find(500);
    model.receive(MINUTE, diagnostics([]));
    expect(model.find(500)).toEqual(before);
    expect(model.row.open_errors).toBe(1);
  });
});

describe('informational diagnostic', () => {
  it('without a predecessor is one row, updated in place, and no history', () => {
    const model = new InstanceModel();
    for (let minute = 0; minute < 60; minute++) {
      model.receive(minute * MINUTE, diagnostics([{ ...INFO, message: `part ${minute}` }]));
    }
    expect(model.find(500)).toMatchObject({ message: 'part 59', count: 60 });
    expect(model.state.diagnostics.size).toBe(1);
    expect(model.diagnostic.list()).toEqual([]);
  });

  it('makes room for newer ones when the device invents codes without end', () => {
    const model = new InstanceModel();
    for (let code = 0; code < 3 * KEPT_INFORMATIONAL; code++) {
      model.receive(code, diagnostics([{ code, severity: 0 }]));
    }
    expect(model.state.diagnostics.size).toBe(KEPT_INFORMATIONAL);
    expect(model.find(0)).toBeUndefined();
    expect(model.find(3 * KEPT_INFORMATIONAL - 1)).toBeDefined();
  });

  it('makes room also where it is what is left of an error that was closed', () => {
    const model = new InstanceModel();
    for (let code = 0; code < 3 * KEPT_INFORMATIONAL; code++) {
      model.receive(code * MINUTE, diagnostics([{ code, severity: 2 }]));
      model.receive(code * MINUTE + 1, diagnostics([{ code, severity: 0 }]));
    }
    expect(model.state.diagnostics.size).toBe(KEPT_INFORMATIONAL);
  });

  it('never pushes out what is open', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([ERROR]));
    const items = Array.from({ length: 900 }, (_, code) => ({
      code: 1000 + code,
      severity: 0 as const,
    }));
    model.receive(MINUTE, diagnostics(items));
    expect(model.find(500)?.severity).toBe(2);
    expect(model.state.diagnostics.size).toBe(KEPT_INFORMATIONAL + 1);
  });
});

describe('acknowledgement', () => {
  const acknowledged = () => {
    const model = new InstanceModel();
    model.receive(
      0,
      diagnostics([
        { code: 500, severity: 2 },
        { code: 600, severity: 1 },
      ]),
    );
    model.operate(acknowledge, 500, { note: 'on it' });
    model.operate(acknowledge, 600);
    return model;
  };

  it('outlives repetitions', () => {
    const model = acknowledged();
    model.receive(MINUTE, diagnostics([ERROR]));
    expect(model.find(500)).toMatchObject({ acknowledged_by: 'anna', note: 'on it' });
    expect(model.row).toMatchObject({ open_errors: 1, acknowledged_errors: 1 });
  });

  it('outlives a falling severity', () => {
    const model = acknowledged();
    model.receive(MINUTE, diagnostics([WARNING]));
    expect(model.find(500)).toMatchObject({ severity: 1, acknowledged_by: 'anna' });
  });

  it('ends when the severity rises', () => {
    const model = acknowledged();
    model.receive(MINUTE, diagnostics([{ code: 600, severity: 2 }]));
    expect(model.find(600)).toMatchObject({ severity: 2, acknowledged_by: null, note: null });
  });

  it('ends when the diagnostic closes, and is kept with the closed one', () => {
    const model = acknowledged();
    model.receive(MINUTE, diagnostics([INFO]));
    expect(model.find(500)).toMatchObject({ severity: 0, acknowledged_at: null });
    expect(model.diagnostic.list()).toMatchObject([{ acknowledged_by: 'anna', note: 'on it' }]);
  });

  it('does not come back when the diagnostic does', () => {
    const model = acknowledged();
    model.receive(MINUTE, diagnostics([INFO, ERROR]));
    expect(model.find(500)).toMatchObject({ severity: 2, acknowledged_at: null });
    expect(model.row).toMatchObject({ open_errors: 1, acknowledged_errors: 0 });
  });
});

describe('warning', () => {
  it('that was not repeated for 24 hours ended then, and not when that was noticed', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([WARNING]));
    model.receive(HOUR, diagnostics([WARNING]));
    model.receive(7 * DAY, diagnostics([]));
    expect(model.diagnostic.list()).toMatchObject([
      { opened_at: T0, last_at: T0 + HOUR, closed_at: T0 + HOUR + DAY, closed_by: 'expiry' },
    ]);
    expect(model.row.open_warnings).toBe(0);
  });

  it('that comes again after it expired is a new one', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([WARNING]));
    model.operate(acknowledge, 500);
    model.receive(2 * DAY, diagnostics([WARNING]));
    expect(model.find(500)).toMatchObject({
      ...{ opened_at: T0 + 2 * DAY, count: 1, acknowledged_at: null },
    });
    expect(model.diagnostic.list()).toHaveLength(1);
  });

  it('stays open when it is repeated after exactly 24 hours', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([WARNING]));
    model.receive(DAY, diagnostics([WARNING]));
    expect(model.diagnostic.list()).toEqual([]);
    expect(model.find(500)?.count).toBe(2);
  });

  it('expires alone: errors stay open for as long as it takes', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([ERROR]));
    model.receive(100 * DAY, diagnostics([]));
    expect(model.row.open_errors).toBe(1);
  });
});

describe('worst diagnostic', () => {
  it('is the severest that nobody has acknowledged', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ code: 1, severity: 1 }]));
    model.receive(1, diagnostics([{ code: 2, severity: 2, message: 'jam' }]));
    expect(model.row).toMatchObject({ worst_severity: 2, worst_code: 2, worst_text: 'jam' });
  });

  it('is the unacknowledged error where another is acknowledged', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ code: 1, severity: 2 }]));
    model.operate(acknowledge, 1);
    model.receive(1, diagnostics([{ code: 2, severity: 2 }]));
    expect(model.row.worst_code).toBe(2);
  });

  it('is the older of two equals', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ code: 2, severity: 2 }]));
    model.receive(1, diagnostics([{ code: 1, severity: 2 }]));
    expect(model.row).toMatchObject({ worst_code: 2, worst_since: T0 });
  });

  it('has its text cut between characters', () => {
    const model = new InstanceModel();
    model.receive(0, diagnostics([{ ...ERROR, message: `x${'😀'.repeat(300)}` }]));
    expect(model.row.worst_text).toBe(`x${'😀'.repeat(119)}`);
  });
});
