import { isWatched, type Watch } from '../../domain/health/watch.ts';
import { formatSince } from '../time.ts';

/** Returns what is to be said before a device is blamed: that nobody listens; null where a server does. */
export function describeUnwatched(watch: Watch): string | null {
  if (isWatched(watch)) return null;
  const { watchedUntilMs, nowMs } = watch;
  const said =
    watchedUntilMs === null
      ? 'No server has run yet, so no device could report.'
      : `No server has run since ${formatSince(watchedUntilMs, nowMs)}: the lights are of then.`;
  return `${said} Try: fleet serve`;
}
