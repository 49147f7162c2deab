import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { ENTRIES } from '../../scripts/bundle.js';
import { createScratchDirectory } from '../support/databases.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = ['scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
const COMMAND = `import { Command } from '@oclif/core';

export default class Hello extends Command {
  async run(): Promise<void> {}
}
`;

let project: string;

function build(script = 'build.js'): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(project, 'scripts', script)], { encoding: 'utf8' });
}

async function readCommandIds(): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(project, 'oclif.manifest.json'), 'utf8'));
  return Object.keys(manifest.commands);
}

async function writeSource(file: string, text: string): Promise<void> {
  await mkdir(join(project, dirname(file)), { recursive: true });
  await writeFile(join(project, file), text);
}

beforeEach(async () => {
  project = await createScratchDirectory();
  for (const file of FILES) await cp(join(ROOT, file), join(project, file), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  for (const entry of Object.values(ENTRIES)) await writeSource(entry, 'export {};\n');
  await writeSource('src/commands/hello.ts', COMMAND);
});

describe('the build', () => {
  it('bundles, writes the manifest and says nothing', async () => {
    const { status, stdout, stderr } = build();
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(existsSync(join(project, 'dist/commands/hello.js'))).toBe(true);
    expect(await readCommandIds()).toEqual(['hello']);
  });

  it('deletes from dist and manifest what no source stands for any more', async () => {
    await writeFile(join(project, 'src/commands/bye.ts'), COMMAND);
    build();
    expect(await readCommandIds()).toEqual(['bye', 'hello']);
    await rm(join(project, 'src/commands/bye.ts'));
    build();
    expect(existsSync(join(project, 'dist/commands/bye.js'))).toBe(false);
    expect(await readCommandIds()).toEqual(['hello']);
  });

  it('prints what the compiler says, fails and leaves dist as it was', async () => {
    build();
    await writeFile(join(project, 'src/wrong.ts'), "export const wrong: number = 'text';\n");
    const { status, stderr } = build();
    expect(status).toBe(1);
    expect(stderr).toContain('src/wrong.ts(1,14): error TS2322');
    expect(existsSync(join(project, 'dist/commands/hello.js'))).toBe(true);
  });

  it('fails and leaves dist and manifest as they were where a command cannot be loaded', async () => {
    build();
    await writeSource('src/commands/broken.ts', `${COMMAND}throw new Error('cannot be loaded');\n`);
    const { status, stderr } = build();
    expect(status).toBe(1);
    expect(stderr).toContain('cannot be loaded');
    expect(existsSync(join(project, 'dist/commands/broken.js'))).toBe(false);
    expect(existsSync(join(project, 'dist/commands/hello.js'))).toBe(true);
    expect(await readCommandIds()).toEqual(['hello']);
    expect(existsSync(join(project, '.staging'))).toBe(false);
  });

  it('fails where a line of oclif that it replaces has moved', async () => {
    const script = join(project, 'scripts/bundle.js');
    const text = await readFile(script, 'utf8');
    await writeFile(script, text.replace("'help/util.js'", "'help/utilities.js'"));
    const { status, stderr } = build();
    expect(status).toBe(1);
    expect(stderr).toContain('oclif has moved help/utilities.js');
    expect(existsSync(join(project, 'dist'))).toBe(false);
  });

  it('does nothing when sources and results are as it left them', async () => {
    build();
    const output = join(project, 'dist/commands/hello.js');
    const { mtimeMs } = await stat(output);
    await utimes(join(project, 'src/commands/hello.ts'), 1, 1);
    expect(build().status).toBe(0);
    expect((await stat(output)).mtimeMs).toBe(mtimeMs);
  });

  it('builds again when a result was deleted or changed', async () => {
    build();
    const output = join(project, 'dist/commands/hello.js');
    const bundled = await readFile(output, 'utf8');
    await rm(output);
    build();
    expect(await readFile(output, 'utf8')).toBe(bundled);
    await writeFile(output, '');
    build();
    expect(await readFile(output, 'utf8')).toBe(bundled);
  });

  it.each(['typescript', 'rolldown'])(
    'is skipped by an installation that has only %s',
    async (tool) => {
      await rm(join(project, 'node_modules'));
      await mkdir(join(project, 'node_modules'));
      await symlink(join(ROOT, 'node_modules', tool), join(project, 'node_modules', tool));
      expect(build('prepare.js').status).toBe(0);
      expect(existsSync(join(project, 'dist'))).toBe(false);
    },
  );
});
