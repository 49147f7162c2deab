import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { FleetError } from '../domain/errors.ts';
import { suggestSimilar } from '../domain/text/suggest.ts';

export interface ConfigFile {
  path: string;
  values: Record<string, unknown>;
}

export interface FileValue {
  value: unknown;
  path: string;
}

const SYSTEM_FILE = '/etc/fleet/config.yaml';

/** The configuration files that are looked for, the strongest first; a file named by the user is the only one. */
export function listConfigPaths(named: string | undefined, env: NodeJS.ProcessEnv): string[] {
  if (named) return [resolve(named)];
  const home = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  return [join(home, 'fleet', 'config.yaml'), SYSTEM_FILE];
}

/** Reads the files that exist; throws `configuration` for a named one that does not, and for keys that no flag has. */
export async function readConfigFiles(
  named: string | undefined,
  knownKeys: ReadonlySet<string>,
): Promise<ConfigFile[]> {
  const paths = listConfigPaths(named, process.env);
  if (named && !existsSync(paths[0] ?? '')) {
    throw new FleetError('configuration', `There is no configuration file ${paths[0]}.`, {
      hint: 'check --config and FLEET_CONFIG',
    });
  }
  const files: ConfigFile[] = [];
  for (const path of paths.filter((candidate) => existsSync(candidate))) {
    // Only now, because the parser costs more than the rest of a start.
    const { readYamlMapping } = await import('./yaml-file.ts');
    const file = { path, values: resolvePaths(readYamlMapping(path), path) };
    refuseUnknownKeys(file, knownKeys);
    files.push(file);
  }
  return files;
}

/** Keys whose values are files. */
const PATH_KEYS: ReadonlySet<string> = new Set(['database', 'tls-cert', 'tls-key']);

/** Paths in a file count from its directory, since nobody knows where a command will be run. */
function resolvePaths(values: Record<string, unknown>, path: string): Record<string, unknown> {
  const entries = Object.entries(values).map(([key, value]) => {
    const isPath = PATH_KEYS.has(key) && typeof value === 'string' && !value.includes('://');
    return [key, isPath ? resolve(dirname(path), expandHome(value)) : value];
  });
  return Object.fromEntries(entries);
}

function expandHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/** Returns the value of each key that a file gives, from the strongest file that has it. */
export function mergeFiles(files: readonly ConfigFile[]): Map<string, FileValue> {
  const merged = new Map<string, FileValue>();
  for (const { path, values } of files.toReversed()) {
    for (const [key, value] of Object.entries(values)) merged.set(key, { value, path });
  }
  return merged;
}

function refuseUnknownKeys({ path, values }: ConfigFile, known: ReadonlySet<string>): void {
  const unknown = Object.keys(values).find((key) => !known.has(key));
  if (unknown === undefined) return;
  const similar = suggestSimilar(unknown.replaceAll('_', '-'), known);
  const meant = known.has(unknown.replaceAll('_', '-')) ? unknown.replaceAll('_', '-') : similar;
  throw new FleetError(
    'configuration',
    `${path} has an unknown key "${unknown}"${meant ? `; did you mean "${meant}"` : ''}${meant ? '?' : '.'}`,
    { hint: `edit ${path}; "fleet config show --config /dev/null" lists the keys` },
  );
}
