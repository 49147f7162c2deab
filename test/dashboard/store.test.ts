import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DataClient } from '../../src/dashboard/data/data-client.ts';
import { startState } from '../../src/dashboard/state.ts';
import { Store } from '../../src/dashboard/store.ts';
import { FleetError } from '../../src/domain/errors.ts';
import {
  createdToken,
  customerPage,
  customerRow,
  fleetRow,
  overview,
  whyAnswer,
} from './support/rows.ts';

interface Call {
  kind: string;
  input: unknown;
  answer: (output: unknown) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

/** Data that answer when the test says so. */
class ScriptedData {
  readonly calls: Call[] = [];
  refreshes = 0;

  readonly client = {
    ask: (kind: string, input: unknown) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const settle = async (how: () => void) => {
        how();
        await nextTurn();
      };
      this.calls.push({
        ...{ kind, input },
        answer: (output) => settle(() => resolve(output)),
        fail: (error) => settle(() => reject(error)),
      });
      return promise;
    },
    refresh: () => {
      this.refreshes += 1;
    },
    close: async () => undefined,
  } as unknown as DataClient;

  of(kind: string): Call[] {
    return this.calls.filter((call) => call.kind === kind);
  }

  last(kind: string): Call {
    const call = this.of(kind).at(-1);
    if (!call) throw new Error(`Nobody asked for ${kind}.`);
    return call;
  }
}

function start() {
  const data = new ScriptedData();
  const copied: string[] = [];
  let quits = 0;
  const store = new Store({
    start: startState({ columns: 100, rows: 30, database: 'fleet.db' }),
    data: data.client,
    copy: (text) => copied.push(text),
    quit: () => {
      quits += 1;
    },
  });
  const press = (...keys: string[]) => {
    for (const key of keys)
      store.dispatch({ type: 'key', key, typed: key.length === 1 ? key : '' });
  };
  const tell = (changes: Parameters<typeof overview>[0]) =>
    store.dispatch({ type: 'overview', overview: overview(changes) });
  return { store, data, copied, countQuits: () => quits, press, tell };
}

const windowOf = (...rows: { key: string }[]) => ({ rows, from: 0, total: rows.length, index: 0 });

describe('what the store asks', () => {
  it('is nothing before the fleet was read', () => {
    const { data, press } = start();
    press('5');
    expect(data.calls).toEqual([]);
  });

  it('is what is shown, and nothing else', () => {
    const { data, tell, press } = start();
    tell({});
    expect(data.calls.map(({ kind }) => kind)).toEqual(['fleet']);
    press('3');
    expect(data.calls.map(({ kind }) => kind)).toEqual(['fleet', 'diagnostics']);
  });

  it('is asked once, however much else happens', async () => {
    const { data, tell, press } = start();
    tell({});
    await data.last('fleet').answer(windowOf(fleetRow('acme'), fleetRow('zeta')));
    press('down', 'up', 'ctrl+x');
    expect(data.of('fleet')).toHaveLength(1);
  });

  it('is asked again when the fleet was judged anew', async () => {
    const { data, tell } = start();
    tell({ revision: 1 });
    await data.last('fleet').answer(windowOf());
    tell({ revision: 2 });
    expect(data.of('fleet')).toHaveLength(2);
  });

  it('is one question of a kind at a time, and the newest one next', async () => {
    const { data, tell, press } = start();
    tell({});
    press('/', 'a', 'b', 'c');
    expect(data.of('fleet')).toHaveLength(1);
    await data.last('fleet').answer(windowOf());
    expect(
      data.of('fleet').map(({ input }) => (input as { view: { filter: string } }).view.filter),
    ).toEqual(['', 'abc']);
  });

  it('follows from the answer before', async () => {
    const { data, tell, press } = start();
    tell({});
    press('5');
    await data.last('customers').answer(windowOf(customerRow('acme')));
    expect(data.last('customer').input).toEqual({ slug: 'acme' });
  });

  it('is asked again at once where it was closed and is opened again', async () => {
    const { data, tell, press } = start();
    tell({});
    await data.last('fleet').answer(windowOf(fleetRow('acme')));
    press('w');
    await data.last('why').answer(whyAnswer());
    press('esc', 'w');
    expect(data.of('why')).toHaveLength(2);
    await data.last('why').answer(whyAnswer('Still so.'));
    expect(data.of('why')).toHaveLength(2);
  });

  it('is not asked again and again where it fails, and with the next judgement once more', async () => {
    const { store, data, tell, press } = start();
    tell({ revision: 1 });
    await data.last('fleet').fail(new FleetError('busy', 'The database was busy.'));
    expect(store.getState().notice).toEqual({ text: 'The database was busy.', tone: 'bad' });
    press('down');
    expect(data.of('fleet')).toHaveLength(1);
    tell({ revision: 2 });
    expect(data.of('fleet')).toHaveLength(2);
  });
});

describe('a change', () => {
  async function askForToken() {
    const started = start();
    started.tell({});
    started.press('5');
    await started.data.last('customers').answer(windowOf(customerRow('acme')));
    await started.data.last('customer').answer(customerPage('acme'));
    started.press('t', 'enter', 'enter');
    return started;
  }

  it('goes to the data, and what came of it is shown', async () => {
    const { store, data } = await askForToken();
    await data.last('token create').answer(createdToken());
    expect(store.getState().dialog?.kind).toBe('secret');
  });

  it('that is refused tells why in the form', async () => {
    const { store, data } = await askForToken();
    await data
      .last('token create')
      .fail(new FleetError('conflict', 'acme is deactivated.', { hint: 'fleet customer list' }));
    expect(store.getState().dialog).toMatchObject({
      ...{ kind: 'form', isBusy: false },
      problem: { code: 'conflict', message: 'acme is deactivated.', hint: 'fleet customer list' },
    });
  });
});

describe('what a store does besides', () => {
  it('copies, reads anew and quits', () => {
    const { data, store, copied, countQuits, press, tell } = start();
    tell({});
    store.dispatch({
      type: 'answer',
      answer: {
        kind: 'fleet',
        input: { view: store.getState().fleet.view, slice: { key: null, index: 0 } },
        output: windowOf(fleetRow('acme')) as never,
      },
    });
    press('y', 'r', 'q');
    expect([copied, data.refreshes, countQuits()]).toEqual([['acme'], 1, 1]);
  });

  it('tells its listeners of every change, and of nothing else', () => {
    const { store, press } = start();
    let count = 0;
    const stop = store.subscribe(() => {
      count += 1;
    });
    press('3', 'ctrl+x');
    expect(count).toBe(1);
    stop();
    press('4');
    expect(count).toBe(1);
  });
});
