import { describe, expect, it } from 'vitest';
import { FLAPPING_CLOSINGS } from '../../../src/ingest/transitions/flapping.ts';
import { acknowledge, close } from '../../../src/ingest/transitions/operator.ts';
import { DAY, HOUR, InstanceModel, MINUTE, SECOND, T0 } from '../../support/instance-model.ts';
import { diagnostics } from '../../support/messages.ts';

const INFO = { code: 500, severity: 0 } as const;
const WARNING = { code: 500, severity: 1 } as const;
const ERROR = { code: 500, severity: 2 } as const;

function report(...items: Parameters<typeof diagnostics>[0]): InstanceModel {
  const model = new InstanceModel();
  model.receive(0, diagnostics(items));
  return model;
}

describe('acknowledging', () => {
  it('notes who, when and why, and counts it in the hot row at once', () => {
    const model = report(ERROR);
    model.operate(acknowledge, 500, { atMs: MINUTE, note: 'on it' });
    expect(model.find(500)).toMatchObject({
      ...{ severity: 2, opened_at: T0, count: 1 },
      ...{ acknowledged_at: T0 + MINUTE, acknowledged_by: 'anna', note: 'on it' },
    });
    expect(model.row).toMatchObject({ open_errors: 1, acknowledged_errors: 1 });
    expect(model.diagnostic.list()).toEqual([]);
  });

  it('leaves the word of the worst to the error that nobody has acknowledged', () => {
    const model = report(ERROR, { code: 600, severity: 2 });
    expect(model.row.worst_code).toBe(500);
    model.operate(acknowledge, 500);
    expect(model.row.worst_code).toBe(600);
  });

  it('is for warnings as well', () => {
    const model = report(WARNING);
    model.operate(acknowledge, 500);
    expect(model.find(500)).toMatchObject({ severity: 1, acknowledged_by: 'anna' });
    expect(model.row).toMatchObject({ open_warnings: 1, acknowledged_errors: 0 });
  });

  it.each([
    ['without a note', null],
    ['with the same one', 'on it'],
  ])('again %s changes nothing', (_, note) => {
    const model = report(ERROR);
    model.operate(acknowledge, 500, { note: 'on it' });
    const before = model.state;
    const { acknowledged_by } = model.operate(acknowledge, 500, { atMs: HOUR, by: 'ben', note });
    expect(model.state).toBe(before);
    expect(acknowledged_by).toBe('anna');
  });

  it('again with another note replaces who, when and note', () => {
    const model = report(ERROR);
    model.operate(acknowledge, 500, { note: 'on it' });
    model.operate(acknowledge, 500, { atMs: HOUR, by: 'ben', note: 'part ordered' });
    expect(model.find(500)).toMatchObject({
      ...{ acknowledged_at: T0 + HOUR, acknowledged_by: 'ben', note: 'part ordered' },
    });
    expect(model.row.acknowledged_errors).toBe(1);
  });

  it('leaves to the device what its clock decides: other warnings stay as they are', () => {
    const model = report({ code: 600, severity: 1 }, ERROR);
    model.operate(acknowledge, 500, { atMs: 2 * DAY });
    expect(model.find(600)?.severity).toBe(1);
    expect(model.row.open_warnings).toBe(1);
  });
});

describe('closing', () => {
  it('puts the episode into the history, and leaves the last word as one that is not open', () => {
    const model = report({ ...ERROR, message: 'jam' });
    model.operate(close, 500, { atMs: MINUTE, note: 'cleared by hand' });
    expect(model.diagnostic.list()).toMatchObject([
      {
        ...{ severity: 2, opened_at: T0, closed_at: T0 + MINUTE, closed_by: 'operator' },
        ...{ message: 'jam', count: 1, episodes: 1, note: 'cleared by hand' },
      },
    ]);
    expect(model.find(500)).toMatchObject({ severity: 0, acknowledged_at: null, note: null });
    expect(model.row).toMatchObject({ open_errors: 0, worst_severity: 0, worst_code: null });
  });

  it('keeps in the history who acknowledged, or closed where nobody had', () => {
    const model = report(ERROR, { code: 600, severity: 2 });
    model.operate(acknowledge, 600, { by: 'anna', note: 'on it' });
    model.operate(close, 500, { by: 'ben' });
    model.operate(close, 600, { by: 'ben' });
    expect(model.diagnostic.list()).toMatchObject([
      { code: 500, acknowledged_by: 'ben', note: null },
      { code: 600, acknowledged_by: 'anna', note: 'on it' },
    ]);
  });

  it('lets the same code open again, unacknowledged', () => {
    const model = report(ERROR);
    model.operate(acknowledge, 500);
    model.operate(close, 500, { atMs: MINUTE });
    model.receive(2 * MINUTE, diagnostics([ERROR]));
    expect(model.find(500)).toMatchObject({
      ...{ severity: 2, opened_at: T0 + 2 * MINUTE, count: 1, acknowledged_at: null },
    });
    expect(model.row).toMatchObject({ open_errors: 1, acknowledged_errors: 0 });
  });

  it.each([
    ['the clock of the operator is ahead', 0],
    ['the report was under way meanwhile', 30],
    ['the report was kept by the device since before the closing', 1800],
  ])('loses no report where %s', (_, ageSeconds) => {
    const model = report(ERROR);
    model.operate(close, 500, { atMs: 2 * HOUR });
    model.receive(HOUR, diagnostics([ERROR], { ageSeconds }));
    expect(model.find(500)).toMatchObject({ severity: 2, acknowledged_at: null });
    expect(model.row.open_errors).toBe(1);
  });

  it('ends no episode before it began, where the clock of the operator is behind', () => {
    const model = report(ERROR);
    model.receive(MINUTE, diagnostics([ERROR]));
    model.operate(close, 500, { atMs: -HOUR });
    expect(model.diagnostic.list()).toMatchObject([{ opened_at: T0, closed_at: T0 + MINUTE }]);
  });

  it('is followed by nothing when the device says that it is not open', () => {
    const model = report(ERROR);
    model.operate(close, 500, { atMs: MINUTE });
    model.receive(2 * MINUTE, diagnostics([INFO]));
    expect(model.diagnostic.list()).toHaveLength(1);
  });

  it('counts towards flapping, whose hour becomes one row', () => {
    const model = new InstanceModel();
    const rounds = FLAPPING_CLOSINGS + 10;
    for (let round = 0; round < rounds; round++) {
      model.receive(round * MINUTE, diagnostics([ERROR]));
      model.operate(close, 500, { atMs: round * MINUTE + SECOND });
    }
    const rows = model.diagnostic.list();
    expect(rows).toHaveLength(2);
    expect(rows.reduce((sum, { episodes }) => sum + episodes, 0)).toBe(rounds);
  });
});
