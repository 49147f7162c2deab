import { spawnSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createScratchDirectory } from '../support/databases.ts';
import { runFleet } from '../support/servers.ts';
import { hasTool } from '../support/tools.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Says what the script asks of readline, which is not there. */
const BASH_STUBS = 'compopt() { printf "compopt %s\\n" "$*"; }';
/** Stands for zsh's completion system, which only works in a terminal. */
const ZSH_STUBS = `
compdef() { }
_files() { print files }
_describe() { print -rl -- "\${@[4,-1]}" "\${(@P)3}" }
`;

let directory: string;
let env: Record<string, string>;

function runShell(shell: string, lines: readonly string[], words: readonly string[] = []): string {
  const args = shell === 'fish' ? ['--no-config'] : shell === 'zsh' ? ['-f'] : ['--norc'];
  const { status, stdout, stderr } = spawnSync(
    shell,
    [...args, '-c', lines.join('\n'), ...(shell === 'fish' ? [] : [shell]), ...words],
    { env, encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

beforeAll(async () => {
  directory = await createScratchDirectory();
  await symlink(PROGRAM, join(directory, 'fleet'));
  env = {
    PATH: [directory, dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: directory,
    LANG: 'C.UTF-8',
    FLEET_DATABASE: join(directory, 'fleet.db'),
  };
  for (const slug of ['my-company', 'my-plant'])
    await runFleet(['customer', 'create', slug], { env });
});

describe('fleet completion', () => {
  it.each(SHELLS)('prints the script of %s, and names the line that enables it', async (shell) => {
    const { code, stdout, stderr } = await runFleet(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`fleet completion ${shell}`);
  });

  it('refuses a shell that it does not know', async () => {
    const { code, stderr } = await runFleet(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});

describe.skipIf(!hasTool('bash'))('completion in bash', () => {
  /** The words as bash splits them, the last being typed; returns COMPREPLY. */
  function complete(...words: string[]): string[] {
    const lines = [
      'source <(fleet completion bash)',
      BASH_STUBS,
      'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))',
      `_fleet; printf "%s\\n" "\${COMPREPLY[@]}"`,
    ];
    return runShell('bash', lines, words)
      .split('\n')
      .filter((line) => line !== '');
  }
  const SORTED = 'compopt -o nosort';

  it('completes commands and customers', () => {
    expect(complete('fleet', 'customer', 'sh')).toEqual([SORTED, 'show']);
    expect(complete('fleet', 'customer', 'show', 'my-')).toEqual([
      SORTED,
      'my-company',
      'my-plant',
    ]);
  });

  it('adds no space after a path that goes on', () => {
    const reply = complete('fleet', 'machine', 'show', 'my-c');
    expect(reply).toEqual([SORTED, 'compopt -o nospace', 'my-company/']);
  });

  it('completes the value after an equals sign, at which bash splits words', () => {
    const words = ['fleet', 'rejections', 'list', '--customer', '='];
    expect(complete(...words)).toEqual([SORTED, 'my-company', 'my-plant']);
    expect(complete(...words, 'my-c')).toEqual([SORTED, 'my-company']);
  });

  it('leaves files to bash, and is empty where nothing fits', () => {
    const words = ['fleet', 'customer', 'list', '--database', ''];
    expect(complete(...words)).toEqual([SORTED, 'compopt -o default']);
    expect(complete('fleet', 'customer', 'show', 'zz')).toEqual([SORTED]);
  });
});

describe.skipIf(!hasTool('zsh'))('completion in zsh', () => {
  function complete(...words: string[]): string[] {
    const lines = [
      ZSH_STUBS,
      'source <(fleet completion zsh)',
      'words=("$@"); CURRENT=$#; PREFIX=$words[-1]',
      // Its result says whether it found anything.
      '_fleet; true',
    ];
    return runShell('zsh', lines, words)
      .split('\n')
      .filter((line) => line !== '');
  }

  it('completes commands and customers, with what they are', () => {
    expect(complete('fleet', 'customer', 'sh')).toEqual([
      'show:Show a customer and what hangs on it.',
    ]);
    expect(complete('fleet', 'customer', 'show', 'my-')).toEqual([
      'my-company:my-company',
      'my-plant:my-plant',
    ]);
  });

  it('adds no space after a path that goes on', () => {
    const reply = complete('fleet', 'machine', 'show', 'my-c');
    expect(reply).toEqual(['-S', 'my-company/:my-company']);
  });

  it('leaves files to zsh, and is empty where nothing fits', () => {
    expect(complete('fleet', 'customer', 'list', '--database', '')).toEqual(['files']);
    expect(complete('fleet', 'customer', 'show', 'zz')).toEqual([]);
  });
});

describe.skipIf(!hasTool('fish'))('completion in fish', () => {
  function complete(line: string): string[] {
    const lines = ['fleet completion fish | source', `complete -C '${line}'`];
    return runShell('fish', lines)
      .split('\n')
      .filter((text) => text !== '');
  }

  it('completes commands and customers, with what they are', () => {
    expect(complete('fleet customer sh')).toEqual(['show\tShow a customer and what hangs on it.']);
    expect(complete('fleet customer show my-')).toEqual([
      'my-company\tmy-company',
      'my-plant\tmy-plant',
    ]);
    expect(complete('fleet rejections list --customer=my-c')).toEqual([
      '--customer=my-company\tmy-company',
    ]);
  });

  it('reads the database that stands before the command', () => {
    expect(complete('FLEET_DATABASE=/nonexistent fleet customer show ')).toEqual([]);
  });

  it('leaves files to fish, and is empty where nothing fits', () => {
    const program = join(directory, 'fleet');
    expect(complete(`fleet customer list --config ${directory}/fl`)).toContain(program);
    expect(complete(`fleet customer list --config=${directory}/fl`)).toContain(
      `--config=${program}`,
    );
    expect(complete('fleet customer show zz')).toEqual([]);
  });
});
