import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareBegin } from '../../../src/db/connection/write-lock.ts';
import { createScratchDirectory } from '../../support/databases.ts';

/** Holds the write lock for transactions of some milliseconds, with a gap of one between them. */
const BUSY_WRITER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const SQLite = require('better-sqlite3');
  const database = new SQLite(workerData.file);
  const cell = new Int32Array(new SharedArrayBuffer(4));
  database.exec('begin immediate');
  parentPort.postMessage('locked');
  for (let left = workerData.transactions; left > 0; left--) {
    Atomics.wait(cell, 0, 0, workerData.heldMs);
    database.exec('commit');
    if (left === 1) break;
    Atomics.wait(cell, 0, 0, 1);
    database.exec('begin immediate');
  }
  database.close();
`;

describe('beginning a transaction with the write lock', () => {
  let file: string;
  let database: SQLite.Database;
  let worker: Worker | null = null;

  beforeEach(async () => {
    file = join(await createScratchDirectory(), 'a.db');
    database = new SQLite(file);
    database.pragma('journal_mode = wal');
    database.exec('create table t (x)');
  });

  afterEach(async () => {
    await worker?.terminate();
    worker = null;
    database.close();
  });

  async function occupy(workerData: { transactions: number; heldMs: number }) {
    worker = new Worker(BUSY_WRITER, { eval: true, workerData: { file, ...workerData } });
    const started = worker;
    await new Promise((resolve) => started.once('message', resolve));
  }

  it('waits for the one who holds it', async () => {
    await occupy({ transactions: 1, heldMs: 100 });
    prepareBegin(database, 10_000).run([]);
    expect(database.inTransaction).toBe(true);
    database.exec('rollback');
  });

  it('gets it in a short gap between the transactions of another', async () => {
    await occupy({ transactions: 2_000, heldMs: 5 });
    prepareBegin(database, 10_000).run([]);
    expect(database.inTransaction).toBe(true);
    database.exec('rollback');
  });

  it('gives up when its time is over', async () => {
    await occupy({ transactions: 1, heldMs: 30_000 });
    const begin = prepareBegin(database, 50);
    expect(() => begin.run([])).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }));
  });

  it('waits while another process recovers the database after a crash', () => {
    let failures = 3;
    const recovering = {
      pragma: () => undefined,
      prepare: () => ({
        run() {
          if (failures-- > 0) throw Object.assign(new Error(), { code: 'SQLITE_BUSY_RECOVERY' });
        },
      }),
    } as unknown as SQLite.Database;
    prepareBegin(recovering, 10_000).run([]);
    expect(failures).toBe(-1);
  });

  it('leaves the patience of other statements as it was', () => {
    database.pragma('busy_timeout = 1234');
    prepareBegin(database, 1234).run([]);
    expect(database.pragma('busy_timeout', { simple: true })).toBe(1234);
  });
});
