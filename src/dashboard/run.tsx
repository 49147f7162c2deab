import { render } from 'ink';
import { type DatabaseLocation, describeLocation } from '../db/connection/location.ts';
import { App } from './app.tsx';
import { type DataClient, startData } from './data/data-client.ts';
import { startState } from './state.ts';
import { Store } from './store.ts';

/** A key is on the screen after this long at the latest, and a flood of news does not fill the line. */
const MAX_FPS = 60;

const ENDING = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

export interface DashboardOptions {
  location: DatabaseLocation;
  actor: string;
  isColourful: boolean;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
}

/** Shows the dashboard until it is quit; the terminal is then as it was. Throws what ended it otherwise. */
export async function runDashboard(options: DashboardOptions): Promise<void> {
  const { location, actor, isColourful, stdin, stdout } = options;
  const { promise: ended, resolve: quit, reject: fail } = Promise.withResolvers<void>();
  const data = startData(
    { location, actor },
    { onOverview: (overview) => store.dispatch({ type: 'overview', overview }), onDeath: fail },
  );
  const store: Store = new Store({
    start: startState({
      columns: stdout.columns,
      rows: stdout.rows,
      database: describeLocation(location),
    }),
    data,
    copy: (text) => stdout.write(copyToClipboard(text)),
    quit,
  });
  for (const signal of ENDING) process.once(signal, quit);
  const ink = render(<App store={store} isColourful={isColourful} />, {
    ...{ stdin, stdout, alternateScreen: true, incrementalRendering: true },
    ...{ maxFps: MAX_FPS, exitOnCtrlC: false, interactive: true },
  });
  ink.waitUntilExit().then(() => quit(), fail);
  try {
    await ended;
  } finally {
    for (const signal of ENDING) process.off(signal, quit);
    ink.unmount();
    await Promise.allSettled([ink.waitUntilExit(), close(data)]);
  }
}

async function close(data: DataClient): Promise<void> {
  await data.close();
}

/** OSC 52 of xterm: the terminal takes the text into its clipboard, over SSH as well. */
function copyToClipboard(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}
