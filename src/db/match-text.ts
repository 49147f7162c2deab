import { type RawBuilder, sql } from 'kysely';

/** The condition that a column contains a text, in ASCII upper and lower case alike. */
export function matchText(column: string, text: string): RawBuilder<boolean> {
  const escaped = text.toLowerCase().replace(/[\\%_]/g, (special) => `\\${special}`);
  return sql<boolean>`lower(${sql.ref(column)}) like ${`%${escaped}%`} escape '\\'`;
}
