const KEPT_SESSIONS = 8;
const WINDOW = 32;

/** `recent` has a bit for each of the 32 numbers up to `last` that was seen; the lowest is `last` itself. */
type Sessions = [session: string, last: number, recent: number][];

export interface Sequence {
  session: string | null;
  seq: number | null;
}

/**
 * Notes the sequence number of a message. `isDuplicate` is true for one that was seen already in
 * its session; `sessions` is the text to keep: the last numbers of the most recent sessions. Not
 * only the last one, because messages overtake each other on two connections, and one that was
 * overtaken must not be taken for a repetition and get lost.
 */
export function noteSequence(
  sessions: string | null,
  { session, seq }: Sequence,
): { sessions: string | null; isDuplicate: boolean } {
  if (session === null || seq === null) return { sessions, isDuplicate: false };
  const known: Sessions = sessions === null ? [] : JSON.parse(sessions);
  const [, last = seq - WINDOW, recent = 0] = known.find(([name]) => name === session) ?? [];
  const next = seq > last ? moveOn(recent, seq - last) : recent | bitOf(last - seq);
  if (seq <= last && next === recent) return { sessions, isDuplicate: true };
  const others = known.filter(([name]) => name !== session).slice(1 - KEPT_SESSIONS);
  const own: Sessions[number] = [session, Math.max(seq, last), next];
  return { sessions: JSON.stringify([...others, own]), isDuplicate: false };
}

function moveOn(recent: number, by: number): number {
  return by >= WINDOW ? 1 : (recent << by) | 1;
}

/** None for what is older than the window, which therefore counts as seen. */
function bitOf(distance: number): number {
  return distance >= WINDOW ? 0 : 1 << distance;
}
