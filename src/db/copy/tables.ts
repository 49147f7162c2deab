/** Every table as `fleet copy` carries it over: its key, its columns and what they hold. */
import type { BulkTable } from '../bulk/statements.ts';
import {
  DIAGNOSTIC_HISTORY,
  DIAGNOSTICS,
  HOSTS,
  INSTANCES,
  MACHINES,
  STATUS_HISTORY,
  STATUSES,
  UP_HISTORY,
} from '../bulk/tables.ts';
import { REJECTIONS } from '../rejections/write.ts';
import type { Database } from '../schema.ts';
import { TOKEN_USES } from '../tokens/use.ts';

export const CUSTOMERS: BulkTable<'customer'> = {
  name: 'customer',
  key: ['slug'],
  columns: {
    slug: 'text',
    name: 'text',
    email: 'text',
    phone: 'text',
    parent: 'text',
    overdue_after_ms: 'int',
    machine_limit: 'int',
    created_at: 'int',
    deactivated_at: 'int',
  },
};

const TOKENS: BulkTable<'token'> = {
  name: 'token',
  key: ['id'],
  columns: {
    id: 'text',
    customer: 'text',
    name: 'text',
    secret_hash: 'bytes',
    created_at: 'int',
    expires_at: 'int',
    revoked_at: 'int',
    replaces: 'text',
  },
};

const MACHINE_COUNTS: BulkTable<'machine_count'> = {
  name: 'machine_count',
  key: ['customer'],
  columns: { customer: 'text', machines: 'int' },
};

const NODES: BulkTable<'node'> = {
  name: 'node',
  key: ['node'],
  columns: {
    node: 'text',
    listening_since: 'int',
    last_alive_at: 'int',
    stopped_at: 'int',
    overdue_after_ms: 'int',
    accepted: 'int',
    refused: 'int',
    not_recorded: 'int',
  },
};

const UNOBSERVED: BulkTable<'unobserved'> = {
  name: 'unobserved',
  key: ['started_at'],
  columns: { started_at: 'int', ended_at: 'int' },
};

const AUDIT: BulkTable<'audit'> = {
  name: 'audit',
  key: ['id'],
  columns: {
    id: 'text',
    at: 'int',
    actor: 'text',
    action: 'text',
    customer: 'text',
    subject: 'text',
    detail: 'text',
  },
};

const TABLES: { [Name in keyof Database]: BulkTable<Name> } = {
  customer: CUSTOMERS,
  token: TOKENS,
  token_use: TOKEN_USES,
  machine_count: MACHINE_COUNTS,
  machine: MACHINES,
  instance: INSTANCES,
  instance_host: HOSTS,
  instance_status: STATUSES,
  diagnostic: DIAGNOSTICS,
  up_history: UP_HISTORY,
  status_history: STATUS_HISTORY,
  diagnostic_history: DIAGNOSTIC_HISTORY,
  rejection: REJECTIONS,
  node: NODES,
  unobserved: UNOBSERVED,
  audit: AUDIT,
};

/** All tables of the schema, what is referred to before what refers to it. */
export const COPIED_TABLES: readonly BulkTable[] = Object.values(TABLES);
