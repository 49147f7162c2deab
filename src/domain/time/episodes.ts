/** When an episode ends of itself, because it was not repeated; decided when it is read or repeated. */

/** A rejection: the next refusal of the same identity opens a new episode. */
export const REJECTION_ENDS_AFTER_MS = 3_600_000;

/** A diagnostic of severity 1. */
export const WARNING_ENDS_AFTER_MS = 24 * 3_600_000;

/** Two senders on one path: when they were not seen to alternate for this long, it is one again. */
export const TWO_SENDERS_END_AFTER_MS = 3_600_000;
