import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from '../processes.ts';
import type { Scope } from '../scope.ts';
import type { GeneratorResult, LoadOptions } from './generator.ts';

const PROGRAM = join(import.meta.dirname, 'autocannon-process.ts');

/** Sends requests with autocannon, in a process of its own: it needs most of a core. */
export async function runAutocannon(scope: Scope, options: LoadOptions): Promise<GeneratorResult> {
  const optionsFile = `${options.file}.${options.offset}.options`;
  writeFileSync(optionsFile, JSON.stringify(options));
  const stdout = await runNode(scope, [PROGRAM, optionsFile], { PATH: process.env.PATH ?? '' });
  return JSON.parse(stdout);
}
