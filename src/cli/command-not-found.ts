import type { Hook } from '@oclif/core/interfaces';
import { markReported, printFailure } from './failure.ts';
import { describeUnknownCommand } from './unknown-command.ts';

/** oclif's hook for a command that does not exist: names the one that was probably meant, exit 2. */
export const commandNotFound: Hook<'command_not_found'> = async ({ id, argv = [], config }) => {
  const failure = describeUnknownCommand(id.split(':'), config);
  printFailure(failure, { json: argv.includes('--json'), debug: argv.includes('--debug') });
  throw markReported(failure);
};
