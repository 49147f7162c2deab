const KEPT_SESSIONS = 8;

type Sessions = [session: string, seq: number][];

export interface Sequence {
  session: string | null;
  seq: number | null;
}

/**
 * Notes the sequence number of a message. `isDuplicate` is true for one that was seen already in
 * its session; `sessions` is the text to keep: the last number of the most recent sessions.
 */
export function noteSequence(
  sessions: string | null,
  { session, seq }: Sequence,
): { sessions: string | null; isDuplicate: boolean } {
  if (session === null || seq === null) return { sessions, isDuplicate: false };
  const known: Sessions = sessions === null ? [] : JSON.parse(sessions);
  const last = known.find(([name]) => name === session)?.[1];
  if (last !== undefined && seq <= last) return { sessions, isDuplicate: true };
  const others = known.filter(([name]) => name !== session).slice(1 - KEPT_SESSIONS);
  return { sessions: JSON.stringify([...others, [session, seq]]), isDuplicate: false };
}
