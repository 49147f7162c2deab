import type { Instance } from '../../db/schema.ts';

/** Rows of one generation; two of them take some 20 MB. */
const GENERATION = 10_000;

/** What is found this seldom is not worth what it costs to keep: its garbage is old when it dies. */
const LEAST_SHARE_FOUND = 0.25;

/** Rows that pass by, before it is tried again whether they are found. */
const REST = 10 * GENERATION;

/**
 * The instances that were written last, which need not be read again while nobody else writes. Only
 * for SQLite, where this process has one writing connection and can tell whether another one
 * committed. Reading a row by its key is a fifth of the work of a heartbeat.
 */
export class InstanceCache {
  /** Whatever was used since the generations changed is in the young one. */
  #young = new Map<string, Instance>();
  #old = new Map<string, Instance>();
  #found = 0;
  #rest = 0;

  get(key: string): Instance | undefined {
    const row = this.#young.get(key) ?? this.#old.get(key);
    if (row) this.#found += 1;
    return row;
  }

  /** Only what has been committed. */
  put(key: string, row: Instance): void {
    if (this.#rest > 0) this.#rest -= 1;
    else this.#keep(key, row);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }

  #keep(key: string, row: Instance): void {
    if (this.#young.size >= GENERATION) this.#changeGeneration();
    if (this.#rest === 0) this.#young.set(key, row);
  }

  #changeGeneration(): void {
    const isFull = this.#old.size > 0;
    if (isFull && this.#found < GENERATION * LEAST_SHARE_FOUND) {
      // Empty while it rests, so that it never holds an older row than the database.
      this.clear();
      this.#rest = REST;
    } else {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#found = 0;
  }
}
