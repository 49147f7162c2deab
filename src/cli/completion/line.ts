import {
  listCommandNames,
  type Program,
  type ProgramCommand,
  type ProgramFlag,
} from './program.ts';

/** A command line that is still being typed, without the name of the program. */
export interface Line {
  /** The words that name a topic or a command, as far as they are known. */
  named: string[];
  command: ProgramCommand | undefined;
  /** After `fleet help`, where a name is all that may follow. */
  isHelp: boolean;
  /** What follows the command's name, before the word that is being typed. */
  flags: { name: string; value: string | undefined }[];
  arguments: string[];
  /** The flag whose value is being typed as a word of its own. */
  open: string | undefined;
  isAfterDashes: boolean;
  current: string;
}

const HELP = 'help';

/** Takes a line apart; the last word is the one being typed, and empty after a space. */
export function readLine(words: readonly string[], program: Program): Line {
  const typed = words.slice(0, -1);
  const isHelp = typed[0] === HELP && !isCommandBelowHelp(typed, program);
  const before = isHelp ? typed.slice(1) : typed;
  const { named, command } = findCommand(before, program);
  const line: Line = {
    named,
    command: isHelp ? undefined : command,
    isHelp,
    flags: [],
    arguments: [],
    open: undefined,
    isAfterDashes: false,
    current: words.at(-1) ?? '',
  };
  for (const word of before.slice(named.length)) takeWord(line, word);
  return line;
}

// `fleet help customer create` names a command like any other line; `help exit-codes` is one.
function isCommandBelowHelp(words: readonly string[], program: Program): boolean {
  return words.length > 1 && findCommand(words, program).named.length > 1;
}

function findCommand(words: readonly string[], program: Program) {
  const names = listCommandNames(program);
  const isKnown = (count: number) =>
    names.some((name) => words.slice(0, count).every((word, at) => name.words[at] === word));
  let count = 0;
  while (count < words.length && isKnown(count + 1)) count += 1;
  const named = words.slice(0, count);
  const found = names.find((name) => name.words.join(' ') === named.join(' '));
  return { named, command: found?.command };
}

function takeWord(line: Line, word: string): void {
  if (line.open !== undefined) {
    line.flags.push({ name: line.open, value: word });
    line.open = undefined;
  } else if (line.isAfterDashes || !/^-./.test(word)) line.arguments.push(word);
  else if (word === '--') line.isAfterDashes = true;
  else takeFlag(line, word);
}

function takeFlag(line: Line, word: string): void {
  const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const [long, flag] = findFlag(line.command, word.startsWith('--') ? name : (name[0] ?? ''));
  const isOpen = flag?.type === 'option' && value === undefined && isWhole(word);
  if (isOpen) line.open = long;
  else line.flags.push({ name: long, value });
}

// `-n 5` goes on in the next word, `-n5` does not.
const isWhole = (word: string): boolean => word.startsWith('--') || word.length === 2;

function findFlag(
  command: ProgramCommand | undefined,
  name: string,
): [string, ProgramFlag | undefined] {
  const flags = Object.entries(command?.flags ?? {});
  return flags.find(([long, { char }]) => long === name || char === name) ?? [name, undefined];
}
