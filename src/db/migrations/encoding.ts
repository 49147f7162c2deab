import { type Kysely, sql } from 'kysely';
import { FleetError } from '../../domain/errors.ts';
import { quoteWord } from '../../domain/text/shell-word.ts';
import { dialectOf } from '../connection/dialect.ts';
import type { Database } from '../schema.ts';

/** Throws `configuration` for a PostgreSQL database that can't hold every text; its encoding is fixed when it is created. */
export async function requireUtf8(db: Kysely<Database>): Promise<void> {
  if (dialectOf(db) === 'sqlite') return;
  const query = sql<{ name: string; encoding: string }>`
    select current_database() as name, current_setting('server_encoding') as encoding`;
  const [found] = (await query.execute(db)).rows;
  if (found === undefined || found.encoding === 'UTF8') return;
  const { name, encoding } = found;
  throw new FleetError(
    'configuration',
    `The PostgreSQL database ${name} has the encoding ${encoding}; fleet needs UTF8.`,
    { hint: `createdb -E UTF8 -T template0 ${quoteWord(`${name}_utf8`)}, and give that one` },
  );
}
