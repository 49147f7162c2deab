import { indentJson } from '../../cli/indent-json.ts';

/** A line of a JSON text that knows where in the value it stands. */
export interface JsonLine {
  text: string;
  /** As errors name it: `items[3].severity`; null for brackets and for what is no JSON. */
  path: string | null;
}

const KEY = /^"(?:[^"\\]|\\.)*"(?=:)/;

/** Returns the text one value a line, as it was sent; text that is no JSON, such as an excerpt, as it is. */
export function listJsonLines(json: string): JsonLine[] {
  const lines = indentJson(json).split(/\r\n|\n|\r/);
  const above: { path: string; next: number | null }[] = [];
  return lines.map((text) => {
    const trimmed = text.trim();
    if (/^[}\]]/.test(trimmed)) {
      above.pop();
      return { text, path: null };
    }
    const path = findPath(trimmed, above.at(-1));
    if (/[{[]$/.test(trimmed)) {
      above.push({ path: path ?? '', next: trimmed.endsWith('[') ? 0 : null });
    }
    return { text, path };
  });
}

function findPath(
  trimmed: string,
  parent: { path: string; next: number | null } | undefined,
): string | null {
  if (parent === undefined) return null;
  if (parent.next !== null) {
    parent.next += 1;
    return `${parent.path}[${parent.next - 1}]`;
  }
  const key = KEY.exec(trimmed)?.[0];
  if (key === undefined) return null;
  const name = readText(key);
  return parent.path === '' || name === null ? name : `${parent.path}.${name}`;
}

/** What is no JSON may look like it: an escape or a control character that no JSON text has. */
function readText(json: string): string | null {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
