import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core/config';
import { describe, expect, it } from 'vitest';
import { completeLine, FILES } from '../../src/cli/completion/complete-line.ts';
import type { Program } from '../../src/cli/completion/program.ts';
import { findValueKind, VALUE_KINDS } from '../../src/cli/completion/values.ts';
import { REASONS } from '../../src/domain/rejections/reasons.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config = await Config.load({ root });
const program = config as unknown as Program;

const listNames = ({ args, flags }: Program['commands'][number]) => [
  ...Object.keys(args).map((name) => `<${name}>`),
  ...Object.keys(flags).map((name) => `--${name}`),
];

async function complete(...words: string[]): Promise<string[]> {
  const lines = await completeLine(['fleet', ...words], config);
  return lines.map((line) => line.split('\t')[0] ?? '');
}

describe('the table of values', () => {
  it('says of every argument of every command what it becomes, or that it is free', () => {
    const unknown = program.commands.flatMap(({ id, args }) =>
      Object.entries(args)
        .filter(([name, { options }]) => !options && !findValueKind(id.split(':'), `<${name}>`))
        .map(([name]) => `${id} <${name}>`),
    );
    expect(unknown).toEqual([]);
  });

  it('says nothing of what no command has', () => {
    const used = program.commands.flatMap((command) => {
      const words = command.id.split(':');
      const places = [...words.keys(), words.length].map((count) => words.slice(0, count));
      return listNames(command).flatMap((name) =>
        places.map((place) => [...place, name].join(' ')),
      );
    });
    expect(Object.keys(VALUE_KINDS).filter((key) => !used.includes(key))).toEqual([]);
  });
});

describe('completing a line without the database', () => {
  it('offers topics and commands, and none that is hidden', async () => {
    const first = await complete('');
    expect(first).toEqual(expect.arrayContaining(['customer', 'serve', 'completion', 'help']));
    expect(first).not.toContain('complete');
    expect(await complete('cust')).toEqual(['customer']);
    expect(await complete('token', '')).toEqual([
      'create',
      'import',
      'list',
      'revoke',
      'rotate',
      'show',
    ]);
    expect(await complete('bogus', '')).toEqual([]);
  });

  it('describes what it offers', async () => {
    const [line] = await completeLine(['fleet', 'customer', 'cr'], config);
    expect(line).toBe('create\tCreate a customer.');
  });

  it('offers the names of commands after help, and nothing else', async () => {
    expect(await complete('help', 'exi')).toEqual(['exit-codes']);
    expect(await complete('help', 'token', 'rev')).toEqual(['revoke']);
    expect(await complete('help', 'token', 'revoke', '')).toEqual([]);
  });

  it('offers the flags of a command that are not given yet', async () => {
    expect(await complete('customer', 'list', '--t')).toEqual(['--tree']);
    expect(await complete('customer', 'list', '--tree', '--t')).toEqual([]);
    expect(await complete('rejections', 'tail', '-n', '5', '--la')).toEqual([]);
    expect(await complete('customer', 'list', '')).toContain('--all');
    expect(await complete('customer', 'list', '--', '--')).toEqual([]);
  });

  it('offers nothing for what is free, as the value of a flag or as an argument', async () => {
    expect(await complete('customer', 'create', '')).toEqual([]);
    expect(await complete('customer', 'list', '--limit', '')).toEqual([]);
    expect(await complete('customer', 'show', 'my-company', 'm')).toEqual([]);
  });

  it('offers the values of a closed list', async () => {
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('completion', 'f')).toEqual(['fish']);
    const logged = Object.entries(REASONS).filter(([, { logged }]) => logged);
    expect(await complete('rejections', 'list', '--reason', '')).toEqual(
      logged.map(([name]) => name),
    );
  });

  it('goes on within a comma list, and after an equals sign', async () => {
    const words = ['rejections', 'list', '--reason=token_unknown,token_ex'];
    expect(await complete(...words)).toEqual(['--reason=token_unknown,token_expired']);
    expect(await complete('machine', 'list', '--health', 'red,g')).toEqual([
      ...['red,green', 'red,grey'],
    ]);
  });

  it('leaves files to the shell', async () => {
    expect(await completeLine(['fleet', 'customer', 'list', '--database', '/s'], config)).toEqual([
      FILES,
    ]);
  });
});
