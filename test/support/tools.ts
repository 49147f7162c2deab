import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns whether the program is in PATH. For `describe.skipIf(!hasTool('python3'))`: what a
 * machine lacks is skipped, and the summary of the run names what was skipped.
 */
export function hasTool(name: string): boolean {
  const directories = (process.env.PATH ?? '').split(delimiter);
  return directories.some((directory) => directory !== '' && isExecutable(join(directory, name)));
}
