import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for the time of one demo, which only its user can enter. */
export interface Workplace {
  databaseFile: string;
  logFile: string;
  remove(): void;
}

/** Creates the directory. It goes with the process at the latest, however that ends of itself. */
export function createWorkplace(): Workplace {
  const directory = mkdtempSync(join(tmpdir(), 'fleet-demo-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    databaseFile: join(directory, 'fleet.db'),
    logFile: join(directory, 'server.log'),
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}
