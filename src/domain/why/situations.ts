import { isWatched } from '../health/watch.ts';
import { slugCommand } from '../slug-command.ts';
import { formatDuration } from '../time/duration.ts';
import { ABSENCES } from './absences.ts';
import { HEALTH } from './health.ts';
import { REFUSALS } from './refusals.ts';
import { type Situation, situation } from './situation.ts';
import { COMPARE_DATABASES } from './steps.ts';

/**
 * In order of precedence: what keeps every device away before what concerns this one, what was seen
 * of a device before what can only be guessed. The last applies always.
 */
export const SITUATIONS: readonly Situation[] = [
  situation({
    code: 'server_never_ran',
    when: 'no server ever ran on this database',
    find: ({ watch }) => (watch.watchedUntilMs === null ? watch : null),
    tell: () => 'No server has run on this database yet, so that nothing can have arrived.',
    advise: () => [{ text: 'Start one.', command: 'fleet serve' }, COMPARE_DATABASES],
  }),
  situation({
    code: 'no_server',
    when: 'no server runs now',
    find: ({ watch }) => (isWatched(watch) ? null : watch.watchedUntilMs),
    tell: (untilMs, { watch: { nowMs } }) =>
      `No server has run for ${formatDuration(nowMs - untilMs)}: until one does, no device can report.`,
    advise: () => [{ text: 'Start it again.', command: 'fleet serve' }, COMPARE_DATABASES],
  }),
  situation({
    code: 'customer_inactive',
    when: 'the customer is deactivated',
    find: ({ customer, target }) => (customer?.isDeactivated ? target.customer : null),
    tell: (customer) =>
      `The customer ${customer} is deactivated, so that nothing of it is accepted.`,
    advise: (customer) => [
      {
        text: 'Activate it; its tokens then work again.',
        command: slugCommand`fleet customer activate ${customer}`,
      },
    ],
  }),
  ...REFUSALS,
  ...HEALTH,
  ...ABSENCES,
];
