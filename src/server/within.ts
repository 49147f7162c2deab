import { FleetError } from '../domain/errors.ts';
import { formatDuration } from '../domain/time/duration.ts';

/** Rejects when the work is not done in time, as when the database does not answer. */
export async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(refuseToWait(limitMs)), limitMs);
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function refuseToWait(limitMs: number): FleetError {
  const limit = formatDuration(limitMs);
  return new FleetError(
    'failure',
    `The server could not write everything within ${limit}. What it did not write was not acknowledged either.`,
    { hint: 'fleet serve --shutdown-timeout 30s, and check that the database answers' },
  );
}
