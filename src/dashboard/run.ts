import { describeLocation } from '../db/connection/location.ts';
import { boundYoungGeneration } from '../server/young-generation.ts';
import { startData } from './data/data-client.ts';
import type { DataSetup } from './data/messages.ts';
import { startState } from './state.ts';
import { Store } from './store.ts';
import type { Terminal } from './terminal.ts';

const ENDING = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

export interface DashboardOptions extends Terminal, DataSetup {}

/** Shows the dashboard until it is quit; the terminal is then as it was. Throws what ended it otherwise. */
export async function runDashboard(options: DashboardOptions): Promise<void> {
  const { location, actor, isColourful, stdin, stdout } = options;
  boundYoungGeneration();
  const { promise: ended, resolve: quit, reject: fail } = Promise.withResolvers<void>();
  // While the thread reads the fleet, this one loads what draws it: a fifth of a second.
  const data = startData(
    { location, actor },
    { onOverview: (overview) => store.dispatch({ type: 'overview', overview }), onDeath: fail },
  );
  const { columns, rows } = stdout;
  const store: Store = new Store({
    start: startState({ columns, rows, database: describeLocation(location) }),
    data,
    copy: (text) => stdout.write(copyToClipboard(text)),
    quit,
  });
  // Not once: Ink ends the process by the signal where it finds no other listener left.
  for (const signal of ENDING) process.on(signal, quit);
  try {
    const { showApp } = await import('./show-app.tsx');
    const shown = showApp(store, { isColourful, stdin, stdout });
    shown.failed.catch(fail);
    await ended.finally(shown.hide);
  } finally {
    for (const signal of ENDING) process.off(signal, quit);
    await data.close();
  }
}

/** OSC 52 of xterm: the terminal takes the text into its clipboard, over SSH as well. */
function copyToClipboard(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}
