// Nothing in it means anything to bash, zsh or fish, so it can stand on a line without quotes.
const PLAIN_WORD = /^[A-Za-z0-9][A-Za-z0-9_./,:=@+-]*$/;
// It would take the shell to know what these become.
const EXPANDED = /[$`]/;

/** Returns a word of a command line to copy, in single quotes where a shell would read it as something else. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns whether a text can be put on any shell's command line as it is. */
export function isPlainWord(text: string): boolean {
  return PLAIN_WORD.test(text);
}

/**
 * Returns what a word of a command line that is still being typed stands for: quotes (also one that
 * is not closed yet) and backslashes taken away, a leading `~/` as the home directory; null where
 * only the shell could tell.
 */
export function unquoteWord(word: string, home: string): string | null {
  if (EXPANDED.test(word.replace(/'[^']*'?/g, ''))) return null;
  const plain = word.replace(
    /'([^']*)'?|"((?:[^"\\]|\\.)*)"?|\\(.)/gs,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? '',
  );
  return word.startsWith('~/') ? `${home}${plain.slice(1)}` : plain;
}
