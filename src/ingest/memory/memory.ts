import type { Kysely, Transaction } from 'kysely';
import { readDataVersion } from '../../db/connection/data-version.ts';
import type { Database } from '../../db/schema.ts';
import { type Credential, readCredentials } from '../../db/tokens/credentials.ts';
import { InstanceCache } from './instance-cache.ts';

const CREDENTIALS = 20_000;

type Credentials = ReadonlyMap<string, Credential>;

/**
 * What the writer remembers of the database from one transaction to the next. Only for SQLite, where
 * this process has one writing connection and can tell whether another one committed: then all of it
 * is forgotten. Authority stays in the commit, because that is asked within each transaction.
 */
export class Memory {
  readonly instances = new InstanceCache();
  readonly #credentials = new Map<string, Credential>();
  #version: number | null = null;

  /** The credentials behind the hashes as they are now; what has to be read is not kept. */
  async recallCredentials(db: Kysely<Database>, hashes: readonly string[]): Promise<Credentials> {
    await this.#renew(db);
    const known = this.#pick(hashes);
    const missing = hashes.filter((hash) => !known.has(hash));
    return new Map([...known, ...(await readCredentials(db, missing))]);
  }

  /** The same within a transaction that holds the write lock, so that nothing changes until they are kept. */
  async learnCredentials(
    trx: Transaction<Database>,
    hashes: readonly string[],
  ): Promise<Credentials> {
    await this.#renew(trx);
    if (this.#credentials.size + hashes.length > CREDENTIALS) this.#credentials.clear();
    const missing = hashes.filter((hash) => !this.#credentials.has(hash));
    for (const each of (await readCredentials(trx, missing)).values()) this.keepCredential(each);
    return this.#pick(hashes);
  }

  /** What this process itself changed of a credential; once the transaction has committed. */
  keepCredential(credential: Credential): void {
    this.#credentials.set(credential.hash, credential);
  }

  async #renew(db: Kysely<Database>): Promise<void> {
    const version = await readDataVersion(db);
    if (version === this.#version) return;
    this.#version = version;
    this.#credentials.clear();
    this.instances.clear();
  }

  #pick(hashes: readonly string[]): Map<string, Credential> {
    const picked = new Map<string, Credential>();
    for (const hash of hashes) {
      const credential = this.#credentials.get(hash);
      if (credential) picked.set(hash, credential);
    }
    return picked;
  }
}
