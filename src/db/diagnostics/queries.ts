/** Reading diagnostics, open and closed. */
import { type Kysely, sql } from 'kysely';
import { cutPage, decodeCursor, type Page, type PageRequest } from '../page.ts';
import type { Database } from '../schema.ts';
import { type DiagnosticEntry, EPISODE, toDiagnosticEntry } from './entries.ts';
import { type DiagnosticFilter, type SourceRow, selectClosed, selectCurrent } from './sources.ts';

/** The columns that order a list, from the highest on, and what a cursor on it looks like. */
const BY_TIME = {
  key: ['at', ...EPISODE, 'is_history'],
  sample: [0, '', '', '', 0, '', 0, 0, 0],
} as const;
const BY_RANK = { key: ['rank', ...BY_TIME.key], sample: [0, ...BY_TIME.sample] } as const;

const UNION = sql` union all `;

/**
 * The diagnostics that match: the worst first, as health ranks them, and of equals the one that was
 * reported last. With closed ones by time alone: what was reported or closed last comes first.
 */
export async function listDiagnostics(
  db: Kysely<Database>,
  filter: DiagnosticFilter,
  { limit, cursor }: PageRequest = {},
): Promise<Page<DiagnosticEntry>> {
  const { key, sample } = filter.includeClosed ? BY_TIME : BY_RANK;
  const after = decodeCursor<readonly (string | number)[]>(cursor, sample);
  const rest = after ? sql`where (${sql.raw(key.join(', '))}) < (${sql.join(after)})` : sql``;
  const order = sql.raw(`order by ${key.map((name) => `${name} desc`).join(', ')}`);
  const cut = limit === undefined ? order : sql`${order} limit ${limit + 1}`;
  const pages = selectSources(db, filter).map(
    (source) => sql`select * from (select * from ${source} as s ${rest} ${cut}) as p`,
  );
  const { rows } = await sql<SourceRow>`${sql.join(pages, UNION)} ${cut}`.execute(db);
  const page = cutPage(rows, limit, (row) => key.map((name) => row[name]));
  return { ...page, items: page.items.map(toDiagnosticEntry) };
}

/** How many diagnostics match. */
export async function countDiagnostics(
  db: Kysely<Database>,
  filter: DiagnosticFilter,
): Promise<number> {
  const counts = selectSources(db, filter).map(
    (source) => sql`select count(*) as total from ${source} as s`,
  );
  const { rows } = await sql<{ total: number }>`${sql.join(counts, UNION)}`.execute(db);
  return rows.reduce((sum, { total }) => sum + Number(total), 0);
}

function selectSources(db: Kysely<Database>, filter: DiagnosticFilter) {
  const current = selectCurrent(db, filter);
  return filter.includeClosed ? [current, selectClosed(db, filter)] : [current];
}
