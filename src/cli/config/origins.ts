import {
  defaultDatabaseFile,
  describeLocation,
  parseLocation,
} from '../../db/connection/location.ts';
import type { FileValue } from '../config-file.ts';
import type { ConfigItemJson } from '../schemas/config.ts';
import type { Setting } from '../settings.ts';

export interface Sources {
  /** The settings that stand on the command line, by key. */
  flags: ReadonlyMap<string, string>;
  env: NodeJS.ProcessEnv;
  files: ReadonlyMap<string, FileValue>;
}

/** Returns the value of a setting and who gave it, the strongest source first; without a password. */
export function describeSetting(setting: Setting, sources: Sources): ConfigItemJson {
  const { key } = setting;
  const { value, origin } = findValue(setting, sources);
  if (key !== 'database') return { key, value, origin };
  const text = value === null ? defaultDatabaseFile(sources.env) : String(value);
  return { key, value: maskLocation(text), origin };
}

function findValue(
  { key, variable, default: standard }: Setting,
  { flags, env, files }: Sources,
): Omit<ConfigItemJson, 'key'> {
  const flag = flags.get(key);
  if (flag !== undefined) return { value: flag, origin: `--${key}` };
  // An empty variable is none, as for oclif.
  if (env[variable]) return { value: env[variable], origin: variable };
  const file = files.get(key);
  if (file) return { value: file.value as ConfigItemJson['value'], origin: file.path };
  return { value: standard as ConfigItemJson['value'], origin: 'default' };
}

// What is no location may still hold a password, and showing the settings is the way to find out.
function maskLocation(text: string): string {
  try {
    return describeLocation(parseLocation(text));
  } catch {
    return `${text.split('://', 1)[0]}://…`;
  }
}
