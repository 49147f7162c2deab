/** What is known of a rejection beyond its row: whether it is solved, and what to do about it. */
import type { Kysely } from 'kysely';
import { type Hint, hintFor } from '../../domain/rejections/hints.ts';
import { isOfContent, type Reason } from '../../domain/rejections/reasons.ts';
import { suggestSimilar } from '../../domain/text/suggest.ts';
import type { TokenForm } from '../../domain/tokens/token-form.ts';
import type { FieldError } from '../../protocol/messages.ts';
import type { Database, Rejection } from '../schema.ts';

/** A row with what stands beside it: its customer, if there is one, and when its path was accepted last, in all and by endpoint. */
export interface RejectionRow extends Rejection {
  known_customer: string | null;
  deactivated_at: number | null;
  successor: string | null;
  accepted_at: number | null;
  heartbeat_at: number | null;
  status_at: number | null;
  diagnostics_at: number | null;
}

type Stored = Omit<Rejection, 'digest' | 'slot' | 'bytes' | 'reason' | 'errors' | 'token_form'>;

/** A rejection as it is shown; `''` where the request named nothing. */
export interface RejectionEntry extends Stored {
  reason: Reason;
  errors: FieldError[] | null;
  /**
   * Whether the same path was accepted after the last refusal; where the content was at fault, by
   * the same endpoint: a heartbeat says nothing about diagnostics that never get through. What names no whole path (an unknown
   * endpoint, a batch refused as a whole) or one that can't exist is never solved: other devices
   * behind the same token or address say nothing about this one.
   */
  solved: boolean;
  hint: Hint;
}

/** Completes the rows; asks for the customers only where a row names one that does not exist. */
export async function explainRejections(
  db: Kysely<Database>,
  rows: readonly RejectionRow[],
): Promise<RejectionEntry[]> {
  const unknown = rows.filter(isOfUnknownCustomer).map(({ customer }) => customer);
  const similar = await findSimilarCustomers(db, new Set(unknown));
  return rows.map((row) => toEntry(row, similar.get(row.customer) ?? null));
}

function isOfUnknownCustomer({ customer, known_customer }: RejectionRow): boolean {
  return customer !== '' && known_customer === null;
}

async function findSimilarCustomers(
  db: Kysely<Database>,
  wanted: ReadonlySet<string>,
): Promise<Map<string, string | null>> {
  if (wanted.size === 0) return new Map();
  const customers = await db
    .selectFrom('customer')
    .select('slug')
    .where('deactivated_at', 'is', null)
    .orderBy('slug')
    .execute();
  const slugs = customers.map(({ slug }) => slug);
  return new Map([...wanted].map((name) => [name, suggestSimilar(name, slugs)]));
}

function toEntry(row: RejectionRow, similarCustomer: string | null): RejectionEntry {
  const { digest: _, slot: _s, bytes: _b, token_form: _f, ...shown } = row;
  const { known_customer: _k, deactivated_at: _d, successor: _r, accepted_at: _a, ...rest } = shown;
  const { heartbeat_at: _h, status_at: _t, diagnostics_at: _i, ...stored } = rest;
  return {
    ...stored,
    reason: row.reason as Reason,
    errors: row.errors === null ? null : JSON.parse(row.errors),
    solved: (findAcceptedAt(row) ?? 0) > row.last_at,
    hint: explain(row, similarCustomer),
  };
}

const ENDPOINT_COLUMNS = {
  heartbeat: 'heartbeat_at',
  status: 'status_at',
  diagnostics: 'diagnostics_at',
} as const;

function findAcceptedAt(row: RejectionRow): number | null {
  if (!isOfContent(row.reason as Reason)) return row.accepted_at;
  // A line of a batch is logged under `batch/` and its kind.
  const kind = row.endpoint.replace(/^batch\//, '');
  const column = ENDPOINT_COLUMNS[kind as keyof typeof ENDPOINT_COLUMNS];
  return column === undefined ? row.accepted_at : row[column];
}

function explain(row: RejectionRow, similarCustomer: string | null): Hint {
  const { customer, machine, software, endpoint, path, detail } = row;
  return hintFor({
    ...{ customer, machine, software, endpoint, path, detail, similarCustomer },
    reason: row.reason as Reason,
    tokenId: row.token_id || null,
    tokenCustomer: row.token_customer || null,
    tokenForm: (row.token_form || null) as TokenForm | null,
    customerExists: row.known_customer !== null,
    customerIsInactive: row.deactivated_at !== null,
    successor: row.successor,
  });
}
