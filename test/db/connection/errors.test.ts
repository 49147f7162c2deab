import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  describeDatabaseError,
  isDeadlock,
  isStorageFailure,
} from '../../../src/db/connection/errors.ts';

const withCode = (code: string, message = 'it failed') =>
  Object.assign(new Error(message), { code });

describe('an error of the database', () => {
  it.each([
    ['SQLITE_BUSY_SNAPSHOT', 'busy', 75],
    ['SQLITE_FULL', 'disk_full', 74],
    ['SQLITE_IOERR_WRITE', 'io', 74],
    ['SQLITE_NOTADB', 'io', 74],
    ['SQLITE_READONLY', 'not_permitted', 4],
    ['53100', 'disk_full', 74],
    ['53300', 'database_unreachable', 69],
    ['57P01', 'database_unreachable', 69],
    ['57014', 'busy', 75],
    ['25P03', 'database_unreachable', 69],
    ['08006', 'database_unreachable', 69],
    ['28P01', 'not_permitted', 4],
    ['ECONNREFUSED', 'database_unreachable', 69],
    ['EAI_AGAIN', 'database_unreachable', 69],
  ])('%s is one of the storage, and is shown as %s with exit code %i', (code, shown, exit) => {
    expect(isStorageFailure(withCode(code))).toBe(true);
    expect(describeDatabaseError(withCode(code))).toMatchObject({ code: shown, exit });
  });

  it.each(['23505', '22P02', '42601', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_MISMATCH', ''])(
    '%s is one of the content: sent again it would fail again',
    (code) => {
      expect(isStorageFailure(withCode(code))).toBe(false);
      expect(describeDatabaseError(withCode(code))).toBeUndefined();
    },
  );

  it('without a code is known where a connection broke', () => {
    expect(isStorageFailure(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isStorageFailure(new Error('x is not a function'))).toBe(false);
    expect(isStorageFailure('a text')).toBe(false);
  });

  it('of several addresses is judged by the first', () => {
    const error = new AggregateError([withCode('ECONNREFUSED'), withCode('')]);
    expect(describeDatabaseError(error)).toMatchObject({ code: 'database_unreachable' });
  });

  it('is a deadlock where PostgreSQL gave the transaction up in favour of another', () => {
    expect(isDeadlock(withCode('40P01'))).toBe(true);
    expect(isDeadlock(withCode('55P03'))).toBe(false);
  });

  it('is what better-sqlite3 really throws', () => {
    const database = new SQLite(':memory:');
    database.exec('create table t (n integer not null) strict');
    const insert = () => database.exec("insert into t values ('x')");
    expect(insert).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_DATATYPE' }));
    database.close();
  });
});
