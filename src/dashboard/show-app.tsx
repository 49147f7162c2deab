import { render } from 'ink';
import { App } from './app.tsx';
import type { Store } from './store.ts';
import type { Terminal } from './terminal.ts';

/** A key is on the screen after this long at the latest, and a flood of news does not fill the line. */
const MAX_FPS = 60;

export interface ShownApp {
  /** Rejects when drawing fails. */
  failed: Promise<unknown>;
  /** Gives the terminal back as it was. */
  hide: () => Promise<void>;
}

/** Draws what the store holds on a screen of its own, until it is hidden. */
export function showApp(store: Store, { isColourful, stdin, stdout }: Terminal): ShownApp {
  const ink = render(<App store={store} isColourful={isColourful} />, {
    ...{ stdin, stdout, alternateScreen: true, incrementalRendering: true },
    ...{ maxFps: MAX_FPS, exitOnCtrlC: false, interactive: true },
  });
  const ended = ink.waitUntilExit();
  return {
    failed: ended,
    hide: async () => {
      ink.unmount();
      await ended.catch(() => undefined);
    },
  };
}
