import type { Logger } from 'pino';

const QUIET_MS = 5_000;

/**
 * Logs errors that can come with every request: one line for each message in five seconds, with
 * the number of those that were left out since.
 */
export function createQuietLog(logger: Logger, clock: () => number) {
  const spoken = new Map<string, { atMs: number; left: number }>();
  return (message: string, error: unknown, fields: object = {}): void => {
    const text = `${message} ${error instanceof Error ? error.message : String(error)}`;
    const last = spoken.get(text);
    if (last && clock() - last.atMs < QUIET_MS) {
      last.left += 1;
      return;
    }
    if (spoken.size > 100) spoken.clear();
    spoken.set(text, { atMs: clock(), left: 0 });
    logger.error({ ...fields, err: error, left_out: last?.left ?? 0 }, message);
  };
}

export type QuietLog = ReturnType<typeof createQuietLog>;
