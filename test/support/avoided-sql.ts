/**
 * What PostgreSQL has and databases that speak its protocol have not, or not across nodes. The names
 * are those of the list in docs/scaling.md, which a test holds against this one.
 */
export interface Avoided {
  name: string;
  /** Whether a statement uses it; absent where only the schema can. */
  pattern?: RegExp;
  /** Statements that do. */
  examples?: readonly string[];
  /** A query of the catalog for what the schema has of it: no rows. */
  catalog?: string;
}

export const AVOIDED: readonly Avoided[] = [
  {
    name: 'sequences',
    pattern: /\b(small|big)?serial\b|\bnextval\b|\bcreate sequence\b|\bas identity\b/i,
    examples: ["select nextval('ids')", 'create table t (id bigserial)'],
    catalog: 'select sequencename as found from pg_sequences where schemaname = current_schema',
  },
  {
    name: 'triggers and stored functions',
    pattern:
      /\bcreate (or replace )?(constraint )?(trigger|function|procedure|rule)\b|^\s*do\s+(\$|')|plpgsql/i,
    examples: ['create trigger t before insert on machine execute function f()', "do 'begin end'"],
    catalog: `select tgname as found from pg_trigger where not tgisinternal union all
      select proname from pg_proc where pronamespace = current_schema::regnamespace`,
  },
  {
    name: 'LISTEN and NOTIFY',
    pattern: /^\s*(un)?listen\b|^\s*notify\b|\bpg_notify\b/i,
    examples: ['listen machines', "select pg_notify('machines', '')"],
  },
  {
    name: 'advisory locks',
    pattern: /\bpg_(try_)?advisory_/i,
    examples: ['select pg_advisory_lock(1)'],
  },
  {
    name: 'exclusion and deferrable constraints',
    pattern: /\bexclude\s+(using\b|\()|(?<!not )\bdeferrable\b|\bset constraints\b/i,
    examples: ['set constraints all deferred', 'alter table t add exclude using gist (a with =)'],
    catalog: "select conname as found from pg_constraint where contype = 'x' or condeferrable",
  },
  {
    name: 'LOCK TABLE',
    pattern: /^\s*lock\s/i,
    examples: ['lock table machine'],
  },
  {
    name: 'table inheritance',
    pattern: /\binherits\s*\(/i,
    examples: ['create table t () inherits (machine)'],
    catalog: 'select inhrelid::regclass::text as found from pg_inherits',
  },
  {
    name: 'CTEs that modify',
    pattern: /\bas\s+(not\s+)?(materialized\s+)?\(\s*(insert|update|delete|merge)\b/i,
    examples: ['with gone as (delete from machine returning *) select * from gone'],
  },
  {
    name: 'server-side cursors',
    pattern: /^\s*(declare|fetch|move)\b/i,
    examples: ['declare c cursor for select 1'],
  },
  {
    name: 'temporary tables',
    pattern: /\bcreate\s+((global|local)\s+)?temp(orary)?\b|\binto\s+temp(orary)?\b/i,
    examples: ['create temp table t (a bigint)'],
  },
  {
    name: 'clocks of the database',
    pattern:
      /\b(now|timeofday|(clock|statement|transaction)_timestamp)\s*\(|\bcurrent_(timestamp|date|time)\b|\blocaltime(stamp)?\b/i,
    examples: ['update node set last_alive_at = extract(epoch from now())'],
    catalog: `select adrelid::regclass || ' has a default' as found from pg_attrdef
      where adrelid::regclass::text not like 'kysely_%'`,
  },
  {
    name: 'several statements in one query',
    pattern: /;\s*\S/,
    examples: ['select 1; select 2'],
  },
  {
    name: 'GiST, GIN and other special indexes',
    pattern: /\busing\s+(gist|gin|spgist|brin|hash)\b/i,
    examples: ['create index i on machine using gin (machine)'],
    catalog: `select indexrelid::regclass::text as found from pg_index
      join pg_class as c on c.oid = indexrelid join pg_am as a on a.oid = c.relam
      where c.relnamespace = current_schema::regnamespace and a.amname <> 'btree'`,
  },
  {
    name: 'unique keys without `customer`',
    catalog: `select i.indrelid::regclass::text as found from pg_index as i
      join pg_class as c on c.oid = i.indrelid
      where i.indisunique and c.relnamespace = current_schema::regnamespace
        and not exists (select from pg_attribute as a where a.attrelid = i.indrelid
          and a.attnum = any (i.indkey) and a.attname = 'customer')`,
  },
];

/** The lock that the migrator of Kysely takes while it changes the schema; nothing of ours takes one. */
const KYSELY_MIGRATION_LOCK = /\bpg_advisory_(un)?lock\(3853314791062309107\)/;

/** Returns the names of what the statement uses and should not. */
export function findAvoided(statement: string): string[] {
  if (KYSELY_MIGRATION_LOCK.test(statement)) return [];
  return AVOIDED.filter(({ pattern }) => pattern?.test(statement)).map(({ name }) => name);
}
