/** What figures depend on besides the program. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import Sqlite from 'better-sqlite3';

const BYTES_PER_GB = 1024 ** 3;

/**
 * One line about processor, cores, memory, kernel, file system of the databases, versions, and how
 * busy others kept the machine in the minute before.
 */
export function describeMachine(): string {
  const cores = availableParallelism();
  return [
    cpus()[0]?.model.trim() || 'unknown processor',
    `${cores} ${cores === 1 ? 'core' : 'cores'}`,
    `${Math.round(totalmem() / BYTES_PER_GB)} GB`,
    `${type()} ${release()}`,
    findFileSystem(tmpdir()),
    `Node ${process.versions.node}`,
    `SQLite ${readSqliteVersion()}`,
    `load ${loadavg()[0]?.toFixed(1)} before`,
  ].join(', ');
}

function readSqliteVersion(): string {
  const db = new Sqlite(':memory:');
  try {
    return String(db.prepare('select sqlite_version()').pluck().get());
  } finally {
    db.close();
  }
}

/** The type of the file system that the directory is on; only Linux says it in a file. */
function findFileSystem(directory: string): string {
  const mounts = readMounts().filter(({ path }) => isBelow(directory, path));
  // The longest path is the innermost mount, and of equal ones the last covers the others.
  const innermost = mounts.toSorted((one, two) => one.path.length - two.path.length).at(-1);
  return innermost?.type ?? 'unknown file system';
}

function readMounts(): { path: string; type: string }[] {
  try {
    const lines = readFileSync('/proc/self/mounts', 'utf8').trim().split('\n');
    return lines.map((line) => {
      const [, path = '', kind = ''] = line.split(' ');
      return { path, type: kind };
    });
  } catch {
    return [];
  }
}

function isBelow(directory: string, path: string): boolean {
  return path === '/' || directory === path || directory.startsWith(`${path}/`);
}
