/** A judged fleet in memory, as the thread of the data holds it. */
import type { StateRow } from '../../../src/db/health/states.ts';
import { buildFleet, type Fleet, judgeFleet, putState } from '../../../src/domain/health/fleet.ts';
import { beating, watchAt } from '../../support/health-state.ts';
import { HOUR, T0 } from '../../support/instance-model.ts';

type Changes = Partial<StateRow>;

/** Silent for an hour: red. */
export const SILENT: Changes = { up_since: T0 - 2 * HOUR, last_beat_at: T0 - HOUR };

/** Says that it is degraded: yellow. */
export const DEGRADED: Changes = { status: 'degraded', status_since: T0, status_last_at: T0 };

/** Builds the tree of customers (`slug` or `parent>slug`) and instances, each by its path. */
export function growFleet(
  customers: readonly string[],
  instances: Readonly<Record<string, Changes>>,
): Fleet<StateRow> {
  const fleet = buildFleet<StateRow>(customers.map(readCustomer));
  for (const [path, changes] of Object.entries(instances)) {
    const [customer = '', machine = '', software = ''] = path.split('/');
    const own = { customer, machine, software, version: null, last_seen_at: T0 };
    putState(fleet, { ...own, ...beating({ customer, machine, software }), ...changes });
  }
  judgeFleet(fleet, watchAt(0));
  return fleet;
}

function readCustomer(text: string) {
  const [slug = '', parent = null] = text.split('>').reverse();
  return { slug, name: slug.toUpperCase(), parent };
}
