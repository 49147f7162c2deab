import type { Hook } from '@oclif/core/interfaces';
import { FleetError } from '../domain/errors.ts';
import { suggestSimilar } from '../domain/suggest.ts';
import { markReported, printFailure } from './failure.ts';

/** oclif's hook for a command that does not exist: names the one that was probably meant, exit 2. */
export const commandNotFound: Hook<'command_not_found'> = async ({ id, argv = [], config }) => {
  const typed = id.replaceAll(':', ' ');
  const known = config.commands.filter((command) => !command.hidden);
  const names = known.map((command) => command.id.replaceAll(':', ' '));
  const similar = suggestSimilar(typed, names) ?? suggestSimilar(typed, config.topics.map(nameOf));
  const proposal = similar === null ? '.' : `; did you mean "${similar}"?`;
  const failure = new FleetError('usage', `There is no command "${typed}"${proposal}`, {
    hint: similar === null ? 'fleet --help' : `fleet ${similar} --help`,
  });
  printFailure(failure, { json: argv.includes('--json'), debug: argv.includes('--debug') });
  throw markReported(failure);
};

function nameOf({ name }: { name: string }): string {
  return name.replaceAll(':', ' ');
}
