import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiagnosticLog } from '../../src/cli/diagnostics/log.ts';
import { describeState } from '../../src/cli/diagnostics/present.ts';
import { follow } from '../../src/cli/follow.ts';
import { inTransaction } from '../../src/db/change.ts';
import type { DiagnosticFilter } from '../../src/db/diagnostics/sources.ts';
import type { Database } from '../../src/db/schema.ts';
import { commitBatch } from '../../src/ingest/commit.ts';
import { acknowledgeDiagnostic, closeDiagnostic } from '../../src/ingest/operator/diagnostics.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildRequest,
  createContext,
  createFleetDatabase,
  type FleetDatabase,
} from '../support/fleet-data.ts';
import { DAY, HOUR, SECOND, T0 } from '../support/instance-model.ts';

const PATH = { customer: 'my-company', machine: 'press-1', software: 'line-control' };

describe.each(DIALECTS)('following diagnostics on %s', (dialect) => {
  let fleet: FleetDatabase;
  let reader: Kysely<Database>;
  let controller: AbortController;
  let token: string;
  let nowMs: number;

  beforeEach(async () => {
    fleet = await createFleetDatabase(dialect);
    reader = await fleet.connect();
    controller = new AbortController();
    nowMs = T0;
    await addCustomer(fleet.db, 'my-company');
    ({ token } = await addToken(fleet.db, 'my-company'));
  });

  afterEach(() => fleet.drop());

  /** Follows, doing the next step whenever something was shown, and returns all that was. */
  async function watch(
    steps: readonly (() => Promise<unknown>)[],
    { last = 0, ...filter }: Partial<DiagnosticFilter> & { last?: number } = {},
  ): Promise<string[]> {
    const { signal } = controller;
    const log = openDiagnosticLog(reader, filter, () => nowMs);
    const shown: string[] = [];
    const left = [...steps];
    const proceed = async () => {
      const step = left.shift();
      if (step) await step();
      else controller.abort();
    };
    const following = follow(log, { last, signal, intervalMs: 20 });
    const next = following.next();
    if (last === 0) setTimeout(proceed, 100);
    for (let look = await next; !look.done; look = await following.next()) {
      const entries = look.value.map((entry) => {
        const { code, severity, count } = entry;
        return `${code} ${severity} ×${count} ${describeState(entry)}`;
      });
      shown.push(...entries);
      await proceed();
    }
    return shown;
  }

  const report = async (...items: { code: number; severity: number }[]) => {
    nowMs += SECOND;
    const payload = { items: items.map((item) => ({ message: '', ...item })) };
    const request = buildRequest(token, 'diagnostics', { payload, receivedAtMs: nowMs });
    await commitBatch(createContext(fleet.db), [request]);
  };

  const operate = async (action: typeof closeDiagnostic, code: number, atMs = nowMs) =>
    await inTransaction(fleet.db, (trx) =>
      action(trx, { path: PATH, code }, { nowMs: atMs, actor: 'anna' }),
    );

  it('shows what opens, is repeated, acknowledged, closed, and opens again', async () => {
    await report({ code: 1, severity: 2 });
    const shown = await watch([
      () => report({ code: 500, severity: 1 }),
      () => report({ code: 500, severity: 1 }),
      () => report({ code: 500, severity: 2 }),
      () => operate(acknowledgeDiagnostic, 500),
      () => operate(closeDiagnostic, 500),
      () => report({ code: 500, severity: 2 }),
      () => report({ code: 500, severity: 0 }),
    ]);
    expect(shown).toEqual([
      '500 1 ×1 open',
      '500 1 ×2 open',
      ...['500 1 ×2 closed', '500 2 ×1 open'],
      '500 2 ×1 acknowledged by anna',
      '500 2 ×1 closed',
      '500 2 ×1 open',
      '500 2 ×1 closed',
    ]);
  });

  it('shows what opened and closed between two looks', async () => {
    const shown = await watch([() => report({ code: 7, severity: 2 }, { code: 7, severity: 0 })]);
    expect(shown).toEqual(['7 2 ×1 closed']);
  });

  it('shows what is there already, the newest last, and what matches only', async () => {
    await report({ code: 1, severity: 2 });
    await report({ code: 2, severity: 1 }, { code: 3, severity: 0 });
    await report({ code: 1, severity: 0 });
    await report({ code: 4, severity: 1 });
    const shown = await watch([() => report({ code: 5, severity: 2 }, { code: 6, severity: 1 })], {
      last: 2,
      severities: [1],
    });
    expect(shown).toEqual(['2 1 ×1 open', '4 1 ×1 open', '6 1 ×1 open']);
  });

  it('shows a warning that ends of itself, once', async () => {
    await report({ code: 8, severity: 1 });
    const shown = await watch([
      async () => {
        nowMs += DAY + HOUR;
      },
      () => report({ code: 9, severity: 2 }),
    ]);
    expect(shown).toEqual(['8 1 ×1 closed', '9 2 ×1 open']);
  });

  it('misses nothing after an operator closed something whose clock is ahead', async () => {
    await report({ code: 1, severity: 2 }, { code: 2, severity: 2 });
    await operate(closeDiagnostic, 1, nowMs + DAY);
    const shown = await watch([() => report({ code: 2, severity: 0 })]);
    expect(shown).toEqual(['2 2 ×1 closed']);
  });
});
