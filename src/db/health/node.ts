import type { Kysely } from 'kysely';
import { findNode, type HealthNode, summarizeFleet } from '../../domain/health/fleet.ts';
import type { Watch } from '../../domain/health/watch.ts';
import { explainMissingPath, type WantedPath } from '../paths.ts';
import type { Database } from '../schema.ts';
import { readFleet } from './fleet.ts';

/** Returns the judged tree of the whole fleet, or below a path; throws `not_found` where nothing stands there. */
export async function readNode(
  db: Kysely<Database>,
  { path, nowMs }: { path?: WantedPath | undefined; nowMs: number },
): Promise<{ node: HealthNode; watch: Watch }> {
  const { fleet, watch } = await readFleet(db, { ...path, nowMs });
  if (!path) return { node: summarizeFleet(fleet), watch };
  const node = findNode(fleet, path);
  if (!node) throw await explainMissingPath(db, path);
  return { node, watch };
}
