/** What a demo says on the terminal. */
import { nameProgram } from '../cli/program-name.ts';
import { describeLocation } from '../db/connection/location.ts';
import { quoteWord } from '../domain/text/shell-word.ts';
import type { Demo } from './demo.ts';

/** How to look at the demo with the other commands. */
export function renderGreeting({ url, location, logFile }: Demo): string {
  const fleet = nameProgram();
  return [
    `A simulated fleet reports to ${url}.`,
    `log of the server: ${logFile}`,
    '',
    'Look at it in another terminal:',
    `  export FLEET_DATABASE=${quoteWord(describeLocation(location))}`,
    `  ${fleet} health`,
    `  ${fleet} rejections tail`,
    `  ${fleet} dashboard`,
    '',
    'Ctrl-C ends it and removes everything.',
  ].join('\n');
}

/** What is said in the end. */
export function renderFarewell(): string {
  return `The demo is over; its server and its data are gone, and nothing else was touched. Try: ${nameProgram()} serve, which says what comes next`;
}
