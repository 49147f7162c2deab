import type { Kysely } from 'kysely';
import { type BulkTable, upsertRows } from '../bulk/statements.ts';
import type { Database, TokenUseTable } from '../schema.ts';

/** When and from where tokens were last used. */
export const TOKEN_USES: BulkTable<'token_use'> = {
  name: 'token_use',
  key: ['customer', 'token_id'],
  columns: {
    customer: 'text',
    token_id: 'text',
    last_used_at: 'int',
    last_used_address: 'text',
  },
};

/** Notes when and from where tokens were last used. */
export async function saveTokenUses(
  trx: Kysely<Database>,
  uses: readonly TokenUseTable[],
): Promise<void> {
  await upsertRows(trx, TOKEN_USES, uses);
}
