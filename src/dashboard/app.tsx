import { Box, useInput, usePaste, useWindowSize } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import { Colourful, Row } from './components/row.tsx';
import { renderFrame } from './drawing/frame.ts';
import { nameKeys } from './key-names.ts';
import type { Store } from './store.ts';

/** The dashboard: shows the state of the store, and gives it the keys and the size of the terminal. */
export function App({ store, isColourful }: { store: Store; isColourful: boolean }) {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const { columns, rows } = useWindowSize();
  useEffect(() => store.dispatch({ type: 'resize', columns, rows }), [store, columns, rows]);
  useInput((input, key) => {
    for (const named of nameKeys(input, key)) store.dispatch({ type: 'key', ...named });
  });
  usePaste((text) => store.dispatch({ type: 'key', key: 'paste', typed: text }));
  return (
    <Colourful value={isColourful}>
      <Box flexDirection="column" height={state.rows} width={state.columns} overflow="hidden">
        {renderFrame(state).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the terminal is its place
          <Row key={at} line={line} />
        ))}
      </Box>
    </Colourful>
  );
}
