import { FleetError } from '../../domain/errors.ts';
import { findLivingNode } from '../nodes.ts';
import { onSide, type Side } from './side.ts';

/** Throws `busy` while a server is at work on the database. */
export async function requireNoServer(side: Side, nowMs: number): Promise<void> {
  const living = await onSide(side, (db) => findLivingNode(db, nowMs));
  if (!living) return;
  throw new FleetError('busy', `A server (${living.node}) is at work on ${side.where}.`, {
    hint: 'stop it, and give the same command again; after a crash 15 seconds later',
  });
}
