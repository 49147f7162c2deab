/** A database that goes away and comes back, as the test says. */
import type { KyselyPlugin } from 'kysely';

export class Outage implements KyselyPlugin {
  /** What every statement fails with; null while the database answers. */
  error: Error | null = null;

  transformQuery({ node }: Parameters<KyselyPlugin['transformQuery']>[0]) {
    if (this.error) throw this.error;
    return node;
  }

  async transformResult({ result }: Parameters<KyselyPlugin['transformResult']>[0]) {
    return result;
  }
}

/** As the driver says that nobody listens where the database should be. */
export function refuseConnection(): Error {
  return Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
}
