import type { Transaction } from 'kysely';
import { readDataVersion } from '../db/connection/data-version.ts';
import type { Database, Instance } from '../db/schema.ts';

/** Rows of one generation; two of them take some 20 MB. */
const GENERATION = 10_000;

/**
 * The instances that were written last, which need not be read again while nobody else writes. Only
 * for SQLite, where this process has one writing connection and can tell whether another one
 * committed. Reading a row by its key is a fifth of the work of a heartbeat.
 */
export class InstanceCache {
  /** Whatever was used since the generations changed is in the young one. */
  #young = new Map<string, Instance>();
  #old = new Map<string, Instance>();
  #version: number | null = null;

  /** Forgets everything if another connection has written; within a transaction that holds the write lock. */
  async renew(trx: Transaction<Database>): Promise<void> {
    const version = await readDataVersion(trx);
    if (version !== this.#version) this.clear();
    this.#version = version;
  }

  get(key: string): Instance | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Only what has been committed. */
  put(key: string, row: Instance): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, row);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
