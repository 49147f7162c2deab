/**
 * Makes every statement that fleet's own code sends to PostgreSQL in a test fail where it uses what
 * is avoided, so that all tests of the data layer watch over it. Connections of tests are let be.
 */
import pg from 'pg';
import { findAvoided } from './avoided-sql.ts';

const seen = new Set<string>();
const { query } = pg.Client.prototype;

/** The statements that were sent so far, without their parameters. */
export function listStatements(): string[] {
  return [...seen];
}

export function refuseAvoidedSql(): void {
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text?: string })?.text;
    if (text !== undefined && isOfFleet(this)) refuse(text);
    return (query as (...all: unknown[]) => unknown).apply(this, args);
  } as typeof query;
}

function isOfFleet(client: pg.Client): boolean {
  const { connectionParameters } = client as {
    connectionParameters?: { application_name?: string };
  };
  return connectionParameters?.application_name === 'fleet';
}

function refuse(text: string): void {
  if (seen.has(text)) return;
  const avoided = findAvoided(text);
  if (avoided.length > 0) throw new Error(`To be avoided (${avoided.join(', ')}): ${text}`);
  seen.add(text);
}
