import type { Kysely } from 'kysely';
import type { Database, Diagnostic, Instance } from '../../src/db/schema.ts';
import { createInstance, type Path } from '../../src/ingest/transitions/state.ts';

/** Puts customers into the database; the deactivated ones are given apart. */
export async function insertCustomers(
  db: Kysely<Database>,
  slugs: readonly string[],
  { deactivated = [] }: { deactivated?: readonly string[] } = {},
): Promise<void> {
  const rows = [...slugs, ...deactivated].map((slug) => ({
    ...{ slug, name: slug, email: null, phone: null, parent: null },
    ...{ overdue_after_ms: null, machine_limit: null, created_at: 0 },
    deactivated_at: deactivated.includes(slug) ? 1 : null,
  }));
  await db.insertInto('customer').values(rows).execute();
}

/** Puts an instance into the database, and its machine where it is the first on it; `path` is `customer/machine/software`. */
export async function insertInstance(
  db: Kysely<Database>,
  path: string,
  { seenAtMs = 0, ...changes }: Partial<Instance> & { seenAtMs?: number } = {},
): Promise<Path> {
  const [customer = '', machine = '', software = ''] = path.split('/');
  const key = { customer, machine, software };
  await db
    .insertInto('machine')
    .values({ customer, machine, first_seen_at: seenAtMs, overdue_after_ms: null, instances: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['customer', 'machine'])
        .doUpdateSet((eb) => ({ instances: eb('machine.instances', '+', 1) })),
    )
    .execute();
  const row = createInstance(key, { receivedAtMs: seenAtMs, tokenId: 'AbCdEfGh' });
  await db
    .insertInto('instance')
    .values({ ...row, ...changes })
    .execute();
  return key;
}

/** Puts last words on codes into the database, said once at time 0 unless given otherwise. */
export async function insertDiagnostics(
  db: Kysely<Database>,
  path: string,
  words: readonly (Pick<Diagnostic, 'code' | 'severity'> & Partial<Diagnostic>)[],
): Promise<void> {
  const [customer = '', machine = '', software = ''] = path.split('/');
  const once = { module: '', message: '', context: null, count: 1, opened_at: 0, last_at: 0 };
  const unseen = { acknowledged_at: null, acknowledged_by: null, note: null };
  const rows = words.map((word) => ({ customer, machine, software, ...once, ...unseen, ...word }));
  await db.insertInto('diagnostic').values(rows).execute();
}
