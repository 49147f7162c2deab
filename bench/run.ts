/** `npm run bench`: runs scenarios, prints their results, and writes them down with `--write`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './arguments.ts';
import { describeMachine } from './machine.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { renderDocument, renderSection, renderTerminal } from './report.ts';
import type { Row, Scenario, Settings } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { withScratchDirectory } from './scope.ts';

const DOCUMENT = join(import.meta.dirname, '..', 'docs', 'performance.md');
const EXIT_USAGE = 2;

async function runScenario(scenario: Scenario, settings: Settings): Promise<Row[]> {
  return await withScratchDirectory('fleet-bench-', (scope, directory) =>
    scenario.run({ settings, directory, scope }),
  );
}

/** Runs the scenarios one after the other; one that fails is told and keeps no other from running. */
async function runAll({ scenarios, settings }: Options): Promise<Map<Scenario, Row[]>> {
  const results = new Map<Scenario, Row[]>();
  for (const scenario of scenarios) {
    process.stderr.write(`running ${scenario.name} …\n`);
    try {
      const rows = await runScenario(scenario, settings);
      results.set(scenario, rows);
      process.stdout.write(`\n${renderTerminal(scenario, rows, settings)}\n`);
    } catch (error) {
      process.stderr.write(`${scenario.name} failed: ${String(error)}\n`);
      process.exitCode = 1;
    }
  }
  return results;
}

function writeDocument(
  results: ReadonlyMap<Scenario, Row[]>,
  { settings }: Options,
  machine: string,
): void {
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    machine,
    settings,
  };
  const sections = new Map(
    [...results].map(([scenario, rows]) => [
      scenario.name,
      renderSection(scenario, rows, circumstances),
    ]),
  );
  const present = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
  writeFileSync(DOCUMENT, renderDocument(SCENARIOS, sections, present));
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.show === 'help') return void process.stdout.write(HELP);
  if (options.show === 'list') {
    const lines = SCENARIOS.map(
      ({ name, title, target }) => `${name.padEnd(12)}${title}: ${target}`,
    );
    return void process.stdout.write(`${lines.join('\n')}\n`);
  }
  const machine = describeMachine();
  process.stdout.write(`${machine}\n`);
  const results = await runAll(options);
  if (options.isWriting) writeDocument(results, options, machine);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nTry: npm run bench -- --help\n`);
  process.exitCode = EXIT_USAGE;
}
