// Writes the shape of every command's JSON to docs/schemas, as JSON Schema (draft 2020-12).
import { globSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const SOURCES = fileURLToPath(new URL('../src/cli/schemas', import.meta.url));
const TARGET = fileURLToPath(new URL('../docs/schemas', import.meta.url));
const SUFFIX = 'Schema';

/** Returns the text of each JSON Schema file by its name: `customerListSchema` is `customer-list.json`. */
export async function renderSchemas(): Promise<Map<string, string>> {
  const rendered = new Map<string, string>();
  for (const file of globSync('*.ts', { cwd: SOURCES }).sort()) {
    const module: Record<string, unknown> = await import(join(SOURCES, file));
    for (const [name, schema] of Object.entries(module)) {
      if (!name.endsWith(SUFFIX) || !(schema instanceof z.ZodType)) continue;
      rendered.set(nameFile(name), `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`);
    }
  }
  return rendered;
}

function nameFile(exported: string): string {
  const name = exported.slice(0, -SUFFIX.length);
  return `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.json`;
}

async function main(): Promise<void> {
  const schemas = await renderSchemas();
  mkdirSync(TARGET, { recursive: true });
  for (const file of readdirSync(TARGET)) if (!schemas.has(file)) rmSync(join(TARGET, file));
  for (const [file, text] of schemas) writeFileSync(join(TARGET, file), text);
}

if (import.meta.main) await main();
