import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findImportProblems, listImports } from '../../scripts/check-imports.ts';
import { createScratchDirectory } from '../support/databases.ts';

async function checkSources(sources: Record<string, string>): Promise<string[]> {
  const directory = await createScratchDirectory();
  for (const [file, source] of Object.entries(sources)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), source);
  }
  return findImportProblems(directory);
}

describe('the import check', () => {
  it('accepts imports that run downwards, and neighbours on the open floor', async () => {
    const problems = await checkSources({
      'commands/serve.ts': "import { listen } from '../server/serve.ts';\n",
      'server/serve.ts': "import { commit } from '../ingest/batcher.ts';\n",
      'ingest/batcher.ts': "import type { Slug } from '../domain/slug.ts';\n",
      'dashboard/app.tsx': "import { printable } from '../cli/printable.ts';\n",
      'domain/slug.ts': "import { join } from 'node:path';\n",
    });
    expect(problems).toEqual([]);
  });

  it('finds an import that runs upwards', async () => {
    const problems = await checkSources({
      'db/open.ts': "import {\n  createApp,\n  type App,\n} from '../server/app.ts';\n",
      'server/app.ts': '',
    });
    expect(problems).toEqual(['db/open.ts imports server/app.ts, and db may not import server']);
  });

  it.each([
    ['a type', "import type { X } from '../protocol/x.ts';\n"],
    ['a re-export', "export * from '../protocol/x.ts';\n"],
    ['a side effect', "import '../protocol/x.ts';\n"],
    ['a dynamic import', "const load = () => import('../protocol/x.ts');\n"],
  ])('keeps domain and protocol apart, also for %s', async (_kind, source) => {
    const problems = await checkSources({ 'domain/x.ts': source, 'protocol/x.ts': '' });
    expect(problems).toEqual([
      'domain/x.ts imports protocol/x.ts, and domain may not import protocol',
    ]);
  });

  it('finds a circle of files within a room', async () => {
    const problems = await checkSources({
      'db/a.ts': "import './b.ts';\n",
      'db/b.ts': "import './c.ts';\n",
      'db/c.ts': "import './a.ts';\n",
    });
    expect(problems).toEqual(['circle of imports: db/a.ts -> db/b.ts -> db/c.ts -> db/a.ts']);
  });

  it('finds a circle of rooms where no file is in a circle', async () => {
    const problems = await checkSources({
      'agent/run.ts': "import '../client/send.ts';\n",
      'agent/config.ts': '',
      'client/send.ts': '',
      'client/other.ts': "import '../agent/config.ts';\n",
    });
    expect(problems).toEqual(['circle of imports: agent -> client -> agent']);
  });

  it('refuses a file that is in no room', async () => {
    const problems = await checkSources({
      'commands/serve.ts': "import '../helpers.ts';\n",
      'helpers.ts': '',
    });
    expect(problems).toEqual(['helpers.ts is in no room of src (imported by commands/serve.ts)']);
  });

  it('takes no prose, package or string for an import', () => {
    const source = "// import x from './a.ts'\nimport a from 'pkg';\nexport const b = './c.ts';\n";
    expect(listImports(source)).toEqual([]);
  });
});
