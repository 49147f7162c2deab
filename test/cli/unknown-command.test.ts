import { describe, expect, it } from 'vitest';
import { describeUnknownCommand } from '../../src/cli/unknown-command.ts';

const PROGRAM = {
  bin: 'fleet',
  commands: [
    { id: 'serve' },
    { id: 'customer:create' },
    { id: 'customer:list' },
    { id: 'machine:list' },
    { id: 'secret', hidden: true },
  ],
};

describe('a command that does not exist', () => {
  it.each([
    ['sevre', 'sevre', 'fleet serve'],
    ['custmer list', 'custmer', 'fleet customer list'],
    ['custmer craete x', 'custmer', 'fleet customer create'],
    ['customer craete my-company', 'customer craete', 'fleet customer create'],
    ['machines', 'machines', 'fleet machine'],
  ])('%s: names the one that was meant, whatever follows', (typed, wrong, meant) => {
    const error = describeUnknownCommand(typed.split(' '), PROGRAM);
    expect(error).toMatchObject({ code: 'usage', exit: 2, hint: `${meant} --help` });
    expect(error.message).toBe(`There is no command "${wrong}"; did you mean "${meant}"?`);
  });

  it.each([
    ['bogus', 'fleet --help'],
    ['customer bogus', 'fleet customer --help'],
    ['secrets', 'fleet --help'],
  ])('%s: names none where none is near', (typed, hint) => {
    const error = describeUnknownCommand(typed.split(' '), PROGRAM);
    expect(error).toMatchObject({ message: `There is no command "${typed}".`, hint });
  });
});
