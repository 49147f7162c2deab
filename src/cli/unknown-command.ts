import { FleetError } from '../domain/errors.ts';
import { suggestSimilar } from '../domain/text/suggest.ts';

/** What is needed of oclif's configuration, which has two types. */
interface Program {
  bin: string;
  commands: readonly { id: string; hidden?: boolean | undefined }[];
}

interface Search {
  /** The words as typed, up to and with the first that is wrong. */
  typed: string[];
  /** The command or topic that was probably meant, as far as it can be told. */
  meant: string[];
  isCorrected: boolean;
}

/**
 * Returns the usage error for words that are no command, with the one that was probably meant. Word
 * by word, because a slug or another argument may follow what is mistyped.
 */
export function describeUnknownCommand(words: readonly string[], config: Program): FleetError {
  const known = listCommandWords(config);
  const { typed, meant, isCorrected } = searchCommand(words, known);
  const { bin } = config;
  const extra = words.slice(meant.length);
  if (!isCorrected && extra.length > 0 && isCommand(meant, known)) {
    return new FleetError('usage', `Unexpected argument: ${extra.join(' ')}.`, {
      hint: `${[bin, ...meant].join(' ')} --help`,
    });
  }
  const proposal = [bin, ...meant].join(' ');
  const name = typed.join(' ');
  if (!isCorrected) {
    return new FleetError('usage', `There is no command "${name}".`, {
      hint: `${proposal} --help`,
    });
  }
  return new FleetError('usage', `There is no command "${name}"; did you mean "${proposal}"?`, {
    hint: `${proposal} --help`,
  });
}

function listCommandWords({ commands }: Program): string[][] {
  return commands.filter(({ hidden }) => !hidden).map(({ id }) => id.split(/[: ]/));
}

function isCommand(words: readonly string[], known: string[][]): boolean {
  return known.some((name) => name.join(' ') === words.join(' '));
}

function searchCommand(words: readonly string[], known: string[][]): Search {
  const search: Search = { typed: [], meant: [], isCorrected: false };
  for (const word of words) {
    const next = listNextWords(search.meant, known);
    if (next.length === 0) break;
    if (!search.isCorrected) search.typed.push(word);
    const meant = next.includes(word) ? word : suggestSimilar(word, next);
    if (meant === null) break;
    search.isCorrected ||= meant !== word;
    search.meant.push(meant);
  }
  return search;
}

function listNextWords(words: readonly string[], known: string[][]): string[] {
  const below = known.filter((name) => words.every((word, at) => name[at] === word));
  return [...new Set(below.flatMap((name) => name[words.length] ?? []))];
}
