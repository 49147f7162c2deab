import { type Kysely, type KyselyPlugin, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAudit } from '../../../src/db/audit.ts';
import { parseLocation } from '../../../src/db/connection/location.ts';
import {
  openAndMigrateDatabase,
  openDatabase,
  openOrCreateDatabase,
} from '../../../src/db/connection/open.ts';
import {
  type Copied,
  type CopyOptions,
  type CopyProgress,
  copyInstallation,
} from '../../../src/db/copy/copy.ts';
import { NODE_SILENCE_MS, registerNode, stopNode } from '../../../src/db/nodes.ts';
import type { Database } from '../../../src/db/schema.ts';
import {
  createCollatedDatabase,
  createTestDatabase,
  DIALECTS,
  type TestDatabase,
} from '../../support/databases.ts';
import { addCustomer } from '../../support/fleet-data.ts';
import { DAY, T0 } from '../../support/instance-model.ts';
import { dumpAll, fillEveryTable } from '../../support/whole-fleet.ts';

const NOW = T0 + DAY;
const PAIRS = DIALECTS.flatMap((from) => DIALECTS.map((to) => ({ from, to })));

describe.each(PAIRS)('a copy from $from to $to', ({ from, to }) => {
  let databases: TestDatabase[];
  let source: Kysely<Database>;
  let target: Kysely<Database>;

  beforeEach(async () => {
    databases = [await createTestDatabase(from), await createTestDatabase(to)];
    source = await openAndMigrateDatabase(locate(0));
    await fillEveryTable(source);
    target = await openTarget();
  });
  afterEach(async () => {
    await Promise.all([source.destroy(), target.destroy()]);
    await Promise.all(databases.map((database) => database.drop()));
  });

  const locate = (index: number) => parseLocation(databases[index]?.url ?? '');
  const openTarget = () => openOrCreateDatabase(locate(1), { isCopyTarget: true });
  const copy = (
    changes: Partial<
      CopyOptions & { source: string; outOf: Kysely<Database>; into: Kysely<Database> }
    > = {},
  ) => {
    const { source: where = 'the source', outOf = source, into = target, ...options } = changes;
    return copyInstallation(
      { from: { db: outOf, where }, to: { db: into, where: 'the target' } },
      { ...{ actor: 'ada', clock: () => NOW, onProgress: () => {} }, ...UNSTOPPED, ...options },
    );
  };
  /** Both alike, but for the entry that tells of the copy itself. */
  const expectAlike = async () => {
    const [one, other] = [await dumpAll(source), await dumpAll(target)];
    const told = other.audit?.filter((row) => row.includes('"action":"copy"'));
    expect(told).toHaveLength(1);
    other.audit = other.audit?.filter((row) => !told?.includes(row)) ?? [];
    expect(other).toEqual(one);
  };

  it('carries over every row of every table, and says so in the audit trail', async () => {
    const before = await dumpAll(source);
    for (const rows of Object.values(before)) expect(rows).not.toEqual([]);
    const { resumed, tables } = await copy();
    expect(resumed).toBe(false);
    const counts = tables.map(({ table, rows }) => [table, rows]);
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(Object.entries(before).map(([table, rows]) => [table, rows.length])),
    );
    await expectAlike();
    expect(await dumpAll(source)).toEqual(before);
    const [entry] = (await listAudit(target, {}, { limit: 1 })).items;
    expect(entry).toMatchObject({ action: 'copy', subject: 'the source', actor: 'ada', at: NOW });
  });

  it('tells of which of the two it reads a table', async () => {
    const told: string[] = [];
    const onProgress: CopyOptions['onProgress'] = ({ doing, table, side, rows, total }) => {
      if (table === 'audit') told.push(`${doing} ${side} ${rows}/${total}`);
    };
    const { tables } = await copy({ onProgress });
    const all = tables.find(({ table }) => table === 'audit')?.rows;
    const count = `${all}/${all}`;
    expect(told).toEqual([
      `copying from ${count}`,
      `verifying from ${count}`,
      `verifying to ${count}`,
    ]);
  });

  it('goes on behind every batch at which it was interrupted, without doing one twice', async () => {
    const done: string[] = [];
    const interrupt = async (): Promise<Copied | undefined> => {
      const controller = new AbortController();
      const onProgress: CopyOptions['onProgress'] = ({ doing, table, rows }) => {
        if (doing === 'verifying') return;
        done.push(`${table} ${rows}`);
        controller.abort();
      };
      return await copy({ signal: controller.signal, onProgress }).catch(requireInterrupted);
    };
    await addManyUnobserved(source);
    let copied: Copied | undefined;
    while (copied === undefined) copied = await interrupt();
    expect(copied.resumed).toBe(true);
    // A customer is written twice, the second time with its parent.
    expect(done.filter((each, index) => done.indexOf(each) !== index)).toEqual(['customer 3']);
    expect(done).toContain('unobserved 2001');
    await expectAlike();
  });

  it('goes on after a failure of any statement', async () => {
    let failures = 0;
    for (let statements = 1; failures >= 0; statements++) {
      const copied = await copy({ into: target.withPlugin(failAfter(statements)) }).catch(
        requireInjected,
      );
      if (copied) break;
      failures += 1;
    }
    expect(failures).toBeGreaterThan(10);
    await expectAlike();
  });

  it('begins anew where an earlier run was at a step that it does not know', async () => {
    const interrupt = new AbortController();
    const onProgress: CopyOptions['onProgress'] = ({ table }) => {
      if (table === 'audit') interrupt.abort();
    };
    await copy({ signal: interrupt.signal, onProgress }).catch(requireInterrupted);
    await sql`update unfinished_copy set step = 'of another version'`.execute(target);
    await target.updateTable('machine_count').set({ machines: 99 }).execute();
    expect((await copy()).resumed).toBe(false);
    await expectAlike();
  });

  it('is not taken for a whole one before it has ended', async () => {
    await copy({ signal: AbortSignal.abort() }).catch(requireInterrupted);
    const refusal = { code: 'configuration', exit: 78, message: /unfinished copy/ };
    for (const open of [openAndMigrateDatabase, openOrCreateDatabase, openToRead]) {
      const error: unknown = await open(locate(1)).catch((failure: unknown) => failure);
      expect(error).toMatchObject({ ...refusal, message: expect.stringMatching(refusal.message) });
    }
    await copy();
    await (await openToRead(locate(1))).destroy();
  });

  it('finds a row that was changed behind it, and then begins anew', async () => {
    const onProgress: CopyOptions['onProgress'] = ({ doing, table }) => {
      if (doing === 'copying' && table === 'audit') change = rename(source);
    };
    let change: Promise<unknown> = Promise.resolve();
    await expect(copy({ onProgress })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('differs from the source in customer:'),
    });
    await change;
    expect((await dumpAll(target)).customer).toEqual([]);
    await copy();
    await expectAlike();
  });

  it('is refused while a server is at work on either, and not once it has stopped', async () => {
    for (const db of [source, target]) {
      const node = { node: 'node-9', nowMs: NOW, overdueAfterMs: 300_000 };
      await db.transaction().execute((trx) => registerNode(trx, node));
      await expect(copy()).rejects.toMatchObject({ code: 'busy', exit: 75 });
      await stopNode(db, { ...node, listeningSinceMs: NOW });
    }
    await target.deleteFrom('node').execute();
    await target.deleteFrom('unobserved').execute();
    await copy();
    await expectAlike();
  });

  it('is refused for fifteen seconds after a server was killed', async () => {
    await source
      .transaction()
      .execute((trx) => registerNode(trx, { node: 'x', nowMs: NOW, overdueAfterMs: 300_000 }));
    const at = (nowMs: number) => copy({ clock: () => nowMs });
    await expect(at(NOW + NODE_SILENCE_MS - 1)).rejects.toMatchObject({ code: 'busy' });
    await at(NOW + NODE_SILENCE_MS);
    await expectAlike();
  });

  it('does not end in a copy when a server starts meanwhile, and the next one begins anew', async () => {
    const node = { node: 'x', nowMs: NOW, overdueAfterMs: 300_000 };
    let start: Promise<unknown> = Promise.resolve();
    const onProgress: CopyOptions['onProgress'] = ({ doing, table }) => {
      const begin = () => source.transaction().execute((trx) => registerNode(trx, node));
      if (doing === 'copying' && table === 'audit') start = begin();
    };
    await expect(copy({ onProgress })).rejects.toMatchObject({ code: 'busy' });
    await start;
    await expect(openToRead(locate(1))).rejects.toMatchObject({ exit: 78 });
    await stopNode(source, { ...node, listeningSinceMs: NOW });
    expect((await copy()).resumed).toBe(false);
    await expectAlike();
  });

  it('does not go into a database with data, which stays as it is', async () => {
    await addCustomer(target, 'other');
    const before = await dumpAll(target);
    await expect(copy()).rejects.toMatchObject({
      code: 'conflict',
      exit: 5,
      message: expect.stringContaining('table customer'),
    });
    expect(await dumpAll(target)).toEqual(before);
    await (await openToRead(locate(1))).destroy();
  });

  it('does not go on with the copy of another database', async () => {
    await copy({ signal: AbortSignal.abort() }).catch(requireInterrupted);
    await expect(copy({ source: 'elsewhere' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('an unfinished copy of the source'),
    });
    await copy();
    await expectAlike();
  });

  it('is given up where another one works on the same', async () => {
    const [one, other] = (await Promise.allSettled([copy(), copy()])).toSorted((a, b) =>
      a.status < b.status ? -1 : 1,
    );
    expect(one).toMatchObject({ status: 'fulfilled' });
    // Which comes late, finds what the other one has completed.
    const code = expect.stringMatching(/^(busy|conflict)$/);
    expect(other).toMatchObject({ reason: { code } });
    await expectAlike();
  });

  /** A copy that waits, after `progress`, until another one has ended, of which it returns the outcome. */
  const copyBesideRival = async (
    progress: Partial<CopyProgress>,
    {
      prepare = async () => {},
      options = {},
    }: { prepare?: () => Promise<unknown>; options?: Partial<CopyOptions> } = {},
  ) => {
    let rival: Promise<Copied> | undefined;
    let isHeld = false;
    const onProgress: CopyOptions['onProgress'] = (made) => {
      const isReached = Object.entries(progress).every(
        ([name, value]) => made[name as keyof CopyProgress] === value,
      );
      if (isReached) isHeld = true;
    };
    const runRival = async () => {
      await prepare();
      const [outOf, into] = [await openAndMigrateDatabase(locate(0)), await openTarget()];
      const close = () => Promise.all([outOf.destroy(), into.destroy()]);
      rival = copy({ ...options, outOf, into }).finally(close);
      await rival.catch(() => {});
    };
    const hold = holdOnce(() => isHeld, runRival);
    await expect(copy({ onProgress, outOf: source.withPlugin(hold) })).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('Another process copies'),
    });
    return await rival;
  };

  it('does not end with what another one has deleted since it was verified', async () => {
    const prepare = () => rename(source);
    const rival = copyBesideRival(VERIFIED, { prepare });
    await expect(rival).rejects.toMatchObject({ code: 'conflict' });
    await expect(openToRead(locate(1))).rejects.toMatchObject({ exit: 78 });
    await copy();
    await expectAlike();
  });

  it('does not end while another one verifies it, too', async () => {
    const interrupt = new AbortController();
    const options = { signal: interrupt.signal, onProgress: () => interrupt.abort() };
    const rival = copyBesideRival(VERIFIED, { options });
    await expect(rival).rejects.toMatchObject({ code: 'interrupted' });
    await expect(openToRead(locate(1))).rejects.toMatchObject({ exit: 78 });
    await copy();
    await expectAlike();
  });

  it.each(['copying', 'verifying'] as const)(
    'is given up where another one has ended it while this one was suspended, %s',
    async (doing) => {
      await copyBesideRival({ doing, table: 'customer' });
      await expectAlike();
    },
  );
});

describe.runIf(DIALECTS.includes('postgres'))(
  'a copy between databases that sort texts in another way',
  () => {
    it.each([
      ['from', createCollatedDatabase, () => createTestDatabase('sqlite')],
      ['to', () => createTestDatabase('sqlite'), createCollatedDatabase],
    ])('is complete and alike, batch by batch, %s PostgreSQL', async (_direction, ...create) => {
      const databases = await Promise.all(create.map((each) => each()));
      const [source, target] = await Promise.all(
        databases.map(({ url }) => openAndMigrateDatabase(parseLocation(url))),
      );
      if (!source || !target) throw new Error('There are two databases.');
      const counts = Array.from({ length: 1_500 }, (_, at) => ({
        customer: mixCase(at),
        machines: 1,
      }));
      await source.insertInto('machine_count').values(counts).execute();
      const sides = { from: { db: source, where: 'one' }, to: { db: target, where: 'other' } };
      const options = { actor: 'ada', clock: () => NOW, onProgress: () => {}, ...UNSTOPPED };
      await copyInstallation(sides, options);
      expect((await dumpAll(target)).machine_count).toEqual((await dumpAll(source)).machine_count);
      await Promise.all([source.destroy(), target.destroy()]);
      await Promise.all(databases.map((database) => database.drop()));
    });
  },
);

/** Texts that come in another order by bytes than in a dictionary. */
function mixCase(at: number): string {
  const text = `${String.fromCharCode(97 + (at % 26))}-${at}`;
  return at % 2 === 0 ? text : text.toUpperCase();
}

/** All was found alike. */
const VERIFIED = { doing: 'verifying', table: 'audit', side: 'to' } as const;
const UNSTOPPED = { signal: new AbortController().signal };

function openToRead(location: Parameters<typeof openDatabase>[0]): Promise<Kysely<Database>> {
  return openDatabase(location, { access: 'read' });
}

function requireInterrupted(error: { code?: string }): undefined {
  if (error.code !== 'interrupted') throw error;
}

class Injected extends Error {}

function requireInjected(error: unknown): undefined {
  if (!(error instanceof Injected)) throw error;
}

/** Lets this many statements through and fails all later ones. */
function failAfter(statements: number): KyselyPlugin {
  let left = statements;
  return {
    transformQuery: ({ node }) => {
      left -= 1;
      if (left < 0) throw new Injected();
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

/** Lets others do their work before the next result that comes when `isDue`. */
function holdOnce(isDue: () => boolean, meanwhile: () => Promise<void>): KyselyPlugin {
  let isDone = false;
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (!isDone && isDue()) {
        isDone = true;
        await meanwhile();
      }
      return result;
    },
  };
}

/** More than two batches. */
async function addManyUnobserved(db: Kysely<Database>): Promise<void> {
  const { length } = await db.selectFrom('unobserved').selectAll().execute();
  const rows = Array.from({ length: 2001 - length }, (_, at) => ({ started_at: at, ended_at: at }));
  for (let at = 0; at < rows.length; at += 500) {
    await db
      .insertInto('unobserved')
      .values(rows.slice(at, at + 500))
      .execute();
  }
}

function rename(db: Kysely<Database>): Promise<unknown> {
  return db.updateTable('customer').set({ name: 'renamed' }).where('slug', '=', 'acme').execute();
}
