/** The file of a SQLite database as an admin meets it: where it is, and whose. */
import { existsSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { FleetError } from '../../domain/errors.ts';

/**
 * What is known of the file, or undefined where there is none yet. Throws where it can't be looked
 * at or is no file, and for another user's: even root would create the WAL files beside it in the
 * wrong name, and the server could no longer write.
 */
export function inspectDatabaseFile(file: string): Stats | undefined {
  const stats = look(file);
  if (!stats) return undefined;
  if (stats.isDirectory()) {
    throw new FleetError('configuration', `The database ${file} is a directory.`, {
      hint: `--database ${file}/fleet.db`,
    });
  }
  if (!stats.isFile()) {
    throw new FleetError('configuration', `The database ${file} is no file.`);
  }
  if (process.getuid && stats.uid !== process.getuid()) throw refuseOwner(file, stats.uid);
  return stats;
}

function look(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // Directories of databases are closed to others.
    if (code === 'EACCES') throw refuseOwner(file, findOwner(dirname(file)));
    const message = `The database ${file} can't be: a part of its path is no directory.`;
    throw code === 'ENOTDIR' ? new FleetError('configuration', message) : error;
  }
}

/** Of the nearest directory that can be looked at. */
function findOwner(directory: string): number {
  try {
    return statSync(directory).uid;
  } catch {
    return findOwner(dirname(directory));
  }
}

function refuseOwner(file: string, owner: number): FleetError {
  const name = findUserName(owner);
  return new FleetError('not_permitted', `The database ${file} belongs to ${name}, not to you.`, {
    hint: `sudo -u ${name} fleet …`,
  });
}

function findUserName(uid: number): string {
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  return lines.find((line) => line.split(':')[2] === String(uid))?.split(':')[0] ?? `'#${uid}'`;
}
