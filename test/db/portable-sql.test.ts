import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyInstallation } from '../../src/db/copy/copy.ts';
import { COPIED_TABLES } from '../../src/db/copy/tables.ts';
import { AVOIDED, findAvoided } from '../support/avoided-sql.ts';
import { DIALECTS } from '../support/databases.ts';
import { createFleetDatabase, type FleetDatabase } from '../support/fleet-data.ts';
import { T0 } from '../support/instance-model.ts';
import { listStatements } from '../support/portable-client.ts';
import { fillEveryTable } from '../support/whole-fleet.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCALING = readFileSync(`${ROOT}/docs/scaling.md`, 'utf8');

/** What is no fleet data, and so may have keys of its own; the last two are Kysely's. */
const KEYED_OTHERWISE = ['customer', 'token', 'node', 'unobserved', 'audit'];
const KYSELYS = ['kysely_migration', 'kysely_migration_lock'];

describe.runIf(DIALECTS.includes('postgres'))('the SQL on PostgreSQL', () => {
  let fleet: FleetDatabase;
  let target: FleetDatabase;

  beforeAll(async () => {
    [fleet, target] = [
      await createFleetDatabase('postgres'),
      await createFleetDatabase('postgres'),
    ];
    await fillEveryTable(fleet.db);
  });
  afterAll(async () => {
    await Promise.all([fleet.drop(), target.drop()]);
  });

  it('is watched in all tests of the data layer', async () => {
    const [from, to] = [fleet, target].map(({ db }, index) => ({ db, where: `${index}` }));
    if (!from || !to) throw new Error('There are two databases.');
    const { signal } = new AbortController();
    const options = { actor: 'ada', clock: () => T0 + 1e9, signal, onProgress: () => {} };
    await copyInstallation({ from, to }, options);
    const statements = listStatements().map((text) => text.replaceAll(/\s+/g, ' ').trim());
    for (const { name } of COPIED_TABLES) {
      const insert = new RegExp(`^insert into "?${name}"? `);
      expect(statements.filter((text) => insert.test(text))).not.toEqual([]);
    }
    for (const part of [/^create table instance /, / for update of /, / for share of /]) {
      expect(statements.filter((text) => part.test(text))).not.toEqual([]);
    }
  });

  it.each(AVOIDED.flatMap(({ name, examples = [] }) => examples.map((text) => [name, text])))(
    'fails a test where it uses %s: %s',
    async (name, text) => {
      await expect(sql.raw(text).execute(fleet.db)).rejects.toThrow(`To be avoided (${name}`);
    },
  );

  it.each(AVOIDED.flatMap(({ name, catalog }) => (catalog ? [[name, catalog]] : [])))(
    'made a schema without %s',
    async (name, catalog) => {
      const { rows } = await sql<{ found: string }>`${sql.raw(catalog)}`.execute(fleet.db);
      const isKeyed = name.startsWith('unique keys');
      const found = new Set(rows.map((row) => row.found));
      expect([...found].sort()).toEqual(isKeyed ? [...KEYED_OTHERWISE, ...KYSELYS].sort() : []);
    },
  );
});

describe('the SQL in the sources', () => {
  const sources = globSync('src/{db,ingest}/**/*.ts', { cwd: ROOT });

  it('uses nothing that is to be avoided', () => {
    const texts = sources.flatMap((file) => listSql(readFileSync(`${ROOT}/${file}`, 'utf8')));
    expect(texts.filter((text) => /^\s*select\b/.test(text)).length).toBeGreaterThan(5);
    expect(texts.filter((text) => findAvoided(text).length > 0)).toEqual([]);
  });
});

describe('docs/scaling.md', () => {
  it('lists what is avoided, no more and no less', () => {
    const rows = sectionOf('What is avoided').matchAll(/^\| ([^|]+?) \|/gm);
    const listed = [...rows].map(([, name]) => name).filter((name) => name !== 'avoided');
    expect(listed.filter((name) => !name?.startsWith('---'))).toEqual(
      AVOIDED.map(({ name }) => name),
    );
  });

  it('says of every table how it is spread', () => {
    const text = sectionOf('Citus');
    const spread = [...text.matchAll(/create_distributed_table\('(\w+)', 'customer'/g)];
    const reference = [...text.matchAll(/create_reference_table\('(\w+)'\)/g)];
    const local = ['node', 'unobserved', 'audit'];
    for (const table of local) expect(text).toContain(`\`${table}\``);
    const named = [...spread, ...reference].map(([, table]) => table ?? '');
    expect([...named, ...local].sort()).toEqual(COPIED_TABLES.map(({ name }) => name).sort());
    expect(reference.map(([, table]) => table)).toEqual(['customer', 'token']);
  });
});

/** The text from a heading to the next of the same level. */
function sectionOf(heading: string): string {
  const [, text = ''] = SCALING.split(new RegExp(`^##+ ${heading}$`, 'm'));
  return text.split(/^## /m)[0] ?? '';
}

const STATEMENT =
  /^\s*(select|insert|update|delete|merge|with|create|alter|drop|set|lock|listen|notify|declare|do)\b/;

/** The quoted texts and templates of a source that begin as statements do. */
function listSql(source: string): string[] {
  const code = source.replaceAll(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*$)/gm, '');
  const quoted = code.matchAll(/`((?:[^`\\]|\\.)*)`|'((?:[^'\\\n]|\\.)*)'/g);
  return [...quoted]
    .map(([, template, text]) => template ?? text ?? '')
    .filter((text) => STATEMENT.test(text));
}
