import type { Candidate } from '../../db/completion.ts';
import type { Line } from './line.ts';
import { listCommandNames, type Program, type ProgramCommand } from './program.ts';
import { findValueKind, type ValueSource } from './values.ts';

/** What may stand where the line is being typed. */
export interface Wanted {
  /** What is known without the database. */
  candidates: Candidate[];
  source: ValueSource;
  /** The part of the current word that the values must start with, and what stands before it. */
  prefix: string;
  lead: string;
  /** The arguments that stand before it. */
  before: readonly string[];
}

const FLAG_WITH_VALUE = /^--([^=]+)=(.*)$/s;

/** Returns what the current word can become: the rest of a name, a flag, a value. */
export function findWanted(line: Line, program: Program): Wanted {
  const { command, current, open, isAfterDashes } = line;
  if (!command) return offer(line, isUnknown(line) ? [] : listNextWords(line, program));
  if (open !== undefined) return wantFlagValue(line, open, { lead: '', text: current });
  const [, flag, text = ''] = (!isAfterDashes && FLAG_WITH_VALUE.exec(current)) || [];
  if (flag !== undefined) return wantFlagValue(line, flag, { lead: `--${flag}=`, text });
  if (!isAfterDashes && current.startsWith('-')) return offer(line, listFlags(line, command));
  const argument = Object.keys(command.args)[line.arguments.length];
  if (argument !== undefined) return wantArgument(line, argument);
  const isFirst = line.arguments.length === 0 && line.flags.length === 0;
  const next = isFirst ? listNextWords(line, program) : [];
  return offer(line, [
    ...next,
    ...(current === '' && !isAfterDashes ? listFlags(line, command) : []),
  ]);
}

// Words that name no command were counted as its arguments.
function isUnknown({ arguments: words, flags }: Line): boolean {
  return words.length > 0 || flags.length > 0;
}

function offer(line: Line, candidates: Candidate[], lead = '', prefix = line.current): Wanted {
  const fitting = candidates.filter(({ value }) => value.startsWith(prefix));
  return { candidates: fitting, source: 'free', prefix, lead, before: line.arguments };
}

function listNextWords({ named, isHelp }: Line, program: Program): Candidate[] {
  const all = listCommandNames(program);
  const below = all.filter(({ words }) => isHelp && words.length > 1 && words[0] === 'help');
  const names = [
    ...all,
    ...below.map(({ words, command }) => ({ words: words.slice(1), command })),
  ].filter(({ words }) => named.every((word, at) => words[at] === word));
  const words = new Set(names.flatMap(({ words }) => words[named.length] ?? []));
  return [...words].sort().map((value) => {
    const path = [...named, value].join(':');
    const topic = program.topics.find(({ name }) => name === path)?.description;
    const summary = names.find((name) => name.words.join(':') === path)?.command.summary;
    return { value, description: topic ?? summary ?? '' };
  });
}

function listFlags({ flags }: Line, command: ProgramCommand): Candidate[] {
  const isLeft = (name: string, multiple = false) =>
    multiple || !flags.some((flag) => flag.name === name);
  const own = Object.entries(command.flags)
    .filter(([name, { hidden, multiple }]) => !hidden && isLeft(name, multiple))
    .flatMap(([name, { summary, description = '', allowNo }]) =>
      [name, ...(allowNo ? [`no-${name}`] : [])].map((each) => ({
        value: `--${each}`,
        description: summary ?? description,
      })),
    );
  return [...own, { value: '--help', description: 'Show the help of the command.' }];
}

function wantFlagValue(
  line: Line,
  name: string,
  { lead, text }: { lead: string; text: string },
): Wanted {
  return wantValue({ line, name: `--${name}`, lead, text }, line.command?.flags[name]?.options);
}

function wantArgument(line: Line, name: string): Wanted {
  const { options } = line.command?.args[name] ?? {};
  return wantValue({ line, name: `<${name}>`, lead: '', text: line.current }, options);
}

interface Value {
  line: Line;
  name: string;
  lead: string;
  text: string;
}

function wantValue({ line, name, lead, text }: Value, options?: readonly string[]): Wanted {
  if (options) {
    const candidates = options.map((value) => ({ value, description: '' }));
    return offer(line, candidates, lead, text);
  }
  const { source, isList = false } = findValueKind(line.command?.id.split(':') ?? [], name) ?? {
    source: 'free',
  };
  const end = isList ? text.lastIndexOf(',') + 1 : 0;
  const [prefix, before] = [text.slice(end), line.arguments];
  return { candidates: [], source, prefix, lead: lead + text.slice(0, end), before };
}
