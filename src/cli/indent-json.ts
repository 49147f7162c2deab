const INDENT = '  ';
// A string, white space, or one other character.
const TOKENS = /"(?:[^"\\]|\\.)*"|\s+|[^\s"{}[\],:]+|./gs;

/**
 * Returns JSON text with one value a line. Unlike parsing and printing it, that keeps every number
 * and every key as it was sent, also those given twice. Other text is returned as it is.
 */
export function indentJson(text: string): string {
  if (!isJson(text)) return text;
  const tokens = (text.match(TOKENS) ?? []).filter((token) => token.trim() !== '');
  let depth = 0;
  const pieces = tokens.map((token, at) => {
    if (isOpening(token)) depth += 1;
    if (isOpening(token) && isClosing(tokens[at + 1])) return token;
    if (isClosing(token)) depth -= 1;
    if (isClosing(token) && isOpening(tokens[at - 1])) return token;
    if (isClosing(token)) return `${startLine(depth)}${token}`;
    if (isOpening(token) || token === ',') return `${token}${startLine(depth)}`;
    return token === ':' ? ': ' : token;
  });
  return pieces.join('');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isOpening(token: string | undefined): boolean {
  return token === '{' || token === '[';
}

function isClosing(token: string | undefined): boolean {
  return token === '}' || token === ']';
}

function startLine(depth: number): string {
  return `\n${INDENT.repeat(depth)}`;
}
