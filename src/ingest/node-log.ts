import type { Kysely } from 'kysely';
import { type NodeActivity, touchNode } from '../db/nodes.ts';
import type { Database } from '../db/schema.ts';

const TOUCH_INTERVAL_MS = 1_000;

/** Gathers what this node does and writes it, at most once a second, within the commits of others. */
export class NodeLog {
  readonly #node: string;
  #activity: NodeActivity = { accepted: 0, refused: 0, notRecorded: 0 };
  #touchedAtMs = 0;

  constructor(node: string) {
    this.#node = node;
  }

  add(activity: Partial<NodeActivity>): void {
    this.#activity = sum(this.#activity, activity);
  }

  /** Writes the node's row if that is due. Returns what to call once the transaction has committed. */
  async touch(db: Kysely<Database>, nowMs: number): Promise<() => void> {
    const isRecent = nowMs >= this.#touchedAtMs && nowMs - this.#touchedAtMs < TOUCH_INTERVAL_MS;
    return isRecent ? () => {} : await this.#write(db, nowMs);
  }

  /** Writes what is left, at the end. */
  async flush(db: Kysely<Database>, nowMs: number): Promise<void> {
    (await this.#write(db, nowMs))();
  }

  async #write(db: Kysely<Database>, nowMs: number): Promise<() => void> {
    const written = this.#activity;
    await touchNode(db, { node: this.#node, nowMs, activity: written });
    return () => {
      this.#touchedAtMs = nowMs;
      this.#activity = sum(this.#activity, negate(written));
    };
  }
}

function sum(one: NodeActivity, two: Partial<NodeActivity>): NodeActivity {
  return {
    accepted: one.accepted + (two.accepted ?? 0),
    refused: one.refused + (two.refused ?? 0),
    notRecorded: one.notRecorded + (two.notRecorded ?? 0),
  };
}

function negate({ accepted, refused, notRecorded }: NodeActivity): NodeActivity {
  return { accepted: -accepted, refused: -refused, notRecorded: -notRecorded };
}
