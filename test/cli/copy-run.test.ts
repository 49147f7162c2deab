import { join } from 'node:path';
import { type Kysely, type KyselyPlugin, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCopy } from '../../src/cli/copy/run.ts';
import { parseLocation } from '../../src/db/connection/location.ts';
import { openAndMigrateDatabase, openOrCreateDatabase } from '../../src/db/connection/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { createScratchDirectory } from '../support/databases.ts';
import { addCustomer } from '../support/fleet-data.ts';
import { capture } from '../support/run-command.ts';

const GOES_ON = 'The copy is unfinished; the same command goes on where it was.\n';
const DELETING = /^Deleting what was copied so far, which may take minutes: .*\n$/;

/** What the source has answered when something happens. */
const ANSWERED = { isServed: 1, howManyCustomers: 2, firstCustomers: 3 };

describe('what a copy says when it ends early', () => {
  let source: Kysely<Database>;
  let target: Kysely<Database>;

  beforeEach(async () => {
    const directory = await createScratchDirectory();
    source = await openAndMigrateDatabase(parseLocation(join(directory, 'from.db')));
    await addCustomer(source, 'acme');
    const location = parseLocation(join(directory, 'to.db'));
    target = await openOrCreateDatabase(location, { isCopyTarget: true });
  });
  afterEach(() => Promise.all([source.destroy(), target.destroy()]));

  /** Copies, and returns the code of the error and what was said before it. */
  const run = async (answers: number, act: () => unknown) => {
    const from = { db: source.withPlugin(after(answers, act)), where: 'the source' };
    const to = { db: target, where: 'the target' };
    let said = '';
    const release = capture('stderr', (text) => {
      said += text;
    });
    const copying = runCopy({ from, to }, { quiet: true }).finally(release);
    const { code }: { code?: string } = await copying.catch((error) => error);
    return { code, said };
  };

  it.each([
    ['the database went away', 'io', failToRead],
    ['it was interrupted', 'interrupted', () => process.emit('SIGINT')],
  ])('is that it goes on, also before the first batch, when %s', async (_why, code, act) => {
    expect(await run(ANSWERED.howManyCustomers, act)).toEqual({ code, said: GOES_ON });
  });

  it('is nothing where it had not begun', async () => {
    expect(await run(ANSWERED.isServed, failToRead)).toEqual({ code: 'io', said: '' });
  });

  it('is nothing where another one took it over', async () => {
    const takeOver = () => sql`update unfinished_copy set rows = 99`.execute(target);
    expect(await run(ANSWERED.firstCustomers, takeOver)).toEqual({ code: 'busy', said: '' });
  });

  it('is that all is deleted where the two differ', async () => {
    const { code, said } = await run(ANSWERED.firstCustomers, () => addCustomer(target, 'other'));
    expect(code).toBe('conflict');
    expect(said).toMatch(DELETING);
  });
});

function failToRead(): never {
  throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
}

/** Acts before this answer of the database is received. */
function after(answers: number, act: () => unknown): KyselyPlugin {
  let left = answers;
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      left -= 1;
      if (left === 0) await act();
      return result;
    },
  };
}
