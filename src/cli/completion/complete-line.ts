import { homedir } from 'node:os';
import type { Config } from '@oclif/core/config';
import type { Candidate } from '../../db/completion.ts';
import type { DatabaseLocation } from '../../db/connection/location.ts';
import { SEVERITIES } from '../../domain/diagnostics/severity.ts';
import { LIGHTS } from '../../domain/health/light.ts';
import { isReason, REASONS } from '../../domain/rejections/reasons.ts';
import { printable } from '../../domain/text/printable.ts';
import { isPlainWord, unquoteWord } from '../../domain/text/shell-word.ts';
import { mergeFiles, readConfigFiles } from '../config-file.ts';
import { resolveLocation } from '../database.ts';
import { listSettings } from '../settings.ts';
import { type Line, readLine } from './line.ts';
import type { Program } from './program.ts';
import type { ValueSource } from './values.ts';
import { findWanted, type Wanted } from './wanted.ts';

/** Asks the shell to offer files, which it does better. */
export const FILES = ':files';

// Who presses Tab waits for it; a lock or an unreachable server is no reason to wait longer.
const DEADLINE_MS = 1_500;
const BUSY_TIMEOUT_MS = 300;
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
const LONGEST_DESCRIPTION = 60;

/**
 * Returns what a command line, whose last word is being typed, can go on with: one line each, the
 * word and after a tab its description; or `FILES`. Words that a shell would not take as they are
 * are left out. Throws where the database cannot be read; empty where that takes too long.
 */
export async function completeLine(words: readonly string[], config: Config): Promise<string[]> {
  const { variables, rest } = splitAssignments(words);
  const program = config as unknown as Program;
  const line = readLine(rest, program);
  const wanted = findWanted(line, program);
  if (wanted.source === 'files') return [FILES];
  const found =
    (await findKnown(wanted)) ??
    (await giveUpLate(findLive(wanted, () => locate(line, { variables, config }))));
  return found.flatMap((candidate) => render(wanted, candidate));
}

// `FLEET_DATABASE=… fleet customer show`: where a shell passes it on, it counts. Then comes the
// name by which the program was called.
function splitAssignments(words: readonly string[]) {
  const count = words.findIndex((word) => !ASSIGNMENT.test(word));
  const assignments = words.slice(0, Math.max(count, 0)).map((word) => ASSIGNMENT.exec(word) ?? []);
  const variables = new Map(assignments.map(([, name = '', value = '']) => [name, value]));
  return { variables, rest: words.slice(Math.max(count, 0) + 1) };
}

async function findKnown({ source, prefix, candidates }: Wanted): Promise<Candidate[] | undefined> {
  if (source === 'free') return candidates;
  return KNOWN_VALUES[source]?.().filter(({ value }) => value.startsWith(prefix));
}

/** The sources that need no database. */
const KNOWN_VALUES: Partial<Record<ValueSource, () => Candidate[]>> = {
  reasons: () =>
    Object.entries(REASONS)
      .filter(([name, { logged }]) => isReason(name) && logged)
      .map(([value, { title }]) => ({ value, description: title })),
  lights: () => LIGHTS.map((value) => ({ value, description: 'light' })),
  severities: () =>
    Object.entries(SEVERITIES).map(([value, severity]) => ({ value, description: `${severity}` })),
};

async function findLive(
  { source, prefix, before }: Wanted,
  findLocation: () => Promise<DatabaseLocation>,
): Promise<Candidate[]> {
  const location = await findLocation();
  const { openDatabase } = await import('../../db/connection/open.ts');
  const { LIVE_VALUES } = await import('./live-values.ts');
  const options = { access: 'read', busyTimeoutMs: BUSY_TIMEOUT_MS, poolSize: 1 } as const;
  const db = await openDatabase(location, options);
  try {
    return (await LIVE_VALUES[source]?.(db, prefix, before)) ?? [];
  } finally {
    await db.destroy();
  }
}

async function giveUpLate(work: Promise<Candidate[]>): Promise<Candidate[]> {
  const { promise: late, resolve } = Promise.withResolvers<Candidate[]>();
  const timer = setTimeout(() => resolve([]), DEADLINE_MS);
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

interface Surroundings {
  variables: ReadonlyMap<string, string>;
  config: Config;
}

async function locate(line: Line, { variables, config }: Surroundings): Promise<DatabaseLocation> {
  const find = (flag: string, variable: string) => {
    const given = line.flags.findLast(({ name }) => name === flag)?.value;
    const word = given ?? variables.get(variable);
    return { given, text: word === undefined ? process.env[variable] : requirePlain(word) };
  };
  const { given, text } = find('database', 'FLEET_DATABASE');
  if (text) return resolveLocation({ text, isFromFlag: given !== undefined });
  const known = new Set(listSettings(config).keys());
  const files = await readConfigFiles(find('config', 'FLEET_CONFIG').text || undefined, known);
  const value = mergeFiles(files).get('database')?.value;
  return resolveLocation({ text: value?.toString(), isFromFlag: false });
}

function requirePlain(word: string): string {
  const plain = unquoteWord(word, homedir());
  if (plain === null) throw new Error('Only the shell knows what this word stands for.');
  return plain;
}

function render({ lead, source }: Wanted, { value, description }: Candidate): string[] {
  const isOurs = source === 'free';
  if (!isOurs && !isPlainWord(value)) return [];
  const text = printable(description).slice(0, LONGEST_DESCRIPTION);
  return [`${lead}${value}\t${text}`];
}
