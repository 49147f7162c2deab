import type { Config } from '@oclif/core/config';
import type { FlagInput } from '@oclif/core/interfaces';
import { FleetError } from '../domain/errors.ts';
import type { FileValue } from './config-file.ts';

/** A flag that can also be set by a FLEET_* variable, and therefore in a configuration file under its own name. */
export interface Setting {
  key: string;
  variable: string;
  description: string;
  default: unknown;
}

// oclif's flag types are generic in what they parse to; here only these parts matter.
interface SettableFlag {
  type: 'boolean' | 'option';
  env?: string;
  multiple?: boolean;
  delimiter?: string;
  options?: readonly string[];
  default?: unknown;
  summary?: string;
  description?: string;
  parse?: (input: unknown, context: unknown, flag: unknown) => Promise<unknown>;
}

type Flags = Readonly<Record<string, SettableFlag>>;

const VARIABLE = /^FLEET_/;
// They decide which file is read, and how a failure is shown.
const NOT_IN_FILES = new Set(['config', 'debug']);

/** Returns the settings of all commands, by key; two commands that share a key share the setting. */
export function listSettings(config: Config, own: FlagInput = {}): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  const sources = [own, ...config.commands.map((command) => command.flags)];
  for (const [key, flag] of sources.flatMap((flags) => Object.entries(flags as Flags))) {
    if (!flag.env || !VARIABLE.test(flag.env) || NOT_IN_FILES.has(key) || settings.has(key))
      continue;
    const description = flag.summary ?? flag.description ?? '';
    settings.set(key, { key, variable: flag.env, description, default: flag.default ?? null });
  }
  return settings;
}

/** Returns the flags with the values of the files as their defaults, which a variable and the command line override. */
export function applyFileValues(flags: FlagInput, values: Map<string, FileValue>): FlagInput {
  const entries = Object.entries(flags as Flags).map(([key, flag]) => {
    const found = values.get(key);
    if (!found || !flag.env) return [key, flag] as const;
    return [key, { ...flag, default: () => parseFileValue(key, flag, found) }] as const;
  });
  return Object.fromEntries(entries) as FlagInput;
}

async function parseFileValue(key: string, flag: SettableFlag, found: FileValue): Promise<unknown> {
  const { value, path } = found;
  try {
    if (flag.type === 'boolean') return requireBoolean(value);
    if (!flag.multiple) return await parseOne(flag, value);
    return await Promise.all(toList(flag, value).map((item) => parseOne(flag, item)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FleetError('configuration', `${path}, "${key}": ${reason}`, {
      hint: `edit ${path}`,
      cause: error,
    });
  }
}

function requireBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new Error('expected true or false.');
}

function toList(flag: SettableFlag, value: unknown): unknown[] {
  return Array.isArray(value) ? value : String(value).split(flag.delimiter ?? ',');
}

async function parseOne(flag: SettableFlag, value: unknown): Promise<unknown> {
  if (!['string', 'number', 'boolean'].includes(typeof value))
    throw new Error('expected one value.');
  const text = String(value);
  if (flag.options && !flag.options.includes(text)) {
    throw new Error(`expected one of ${flag.options.join(', ')}.`);
  }
  return flag.parse ? await flag.parse(text, {}, flag) : text;
}
