import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import { FleetError } from '../domain/errors.ts';

/** Returns the keys of a YAML file that holds one mapping; an empty file has none. Throws `configuration` for anything else. */
export function readYamlMapping(path: string): Record<string, unknown> {
  const content = parseYaml(path, readText(path));
  if (content === null || content === undefined) return {};
  if (typeof content === 'object' && !Array.isArray(content)) {
    return content as Record<string, unknown>;
  }
  throw new FleetError('configuration', `${path} must be a list of "key: value" lines.`, {
    hint: `edit ${path}`,
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') {
      throw new FleetError('configuration', `${path} is a directory and no configuration file.`);
    }
    if (code !== 'EACCES') throw error;
    throw new FleetError('not_permitted', `You may not read the configuration file ${path}.`, {
      hint: `chmod a+r ${path}, or --config with another file`,
    });
  }
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The rest of the message is an excerpt of the file, in which a password may stand.
    const [reason = ''] = error.message.split('\n');
    throw new FleetError('configuration', `${path} is no YAML: ${reason.replace(/:$/, '.')}`, {
      hint: `edit ${path}`,
      cause: error,
    });
  }
}
