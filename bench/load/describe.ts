import type { Settings } from '../scenario.ts';
import { GENERATOR } from './run-load.ts';

/** How load was put on a server, for whoever reads the figures. */
export function describeRounds({ rounds, seconds }: Settings): string {
  const runs = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, each run ${seconds} s`;
  return `${runs}, load from ${GENERATOR} on the same machine`;
}
