/** Under npm, Ctrl-C arrives twice at once; a signal this much later is meant: stop now. */
const SECOND_SIGNAL_MS = 500;

/** Resolves at the first SIGINT or SIGTERM; a deliberate second one ends the process at once. */
export function waitForStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAtMs: number | null = null;
    const hear = (signal: 'SIGINT' | 'SIGTERM') => {
      if (firstAtMs !== null && performance.now() - firstAtMs > SECOND_SIGNAL_MS) {
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
      firstAtMs ??= performance.now();
      resolve();
    };
    process.on('SIGINT', hear);
    process.on('SIGTERM', hear);
  });
}
