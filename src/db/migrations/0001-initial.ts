import { type Kysely, sql } from 'kysely';
import { columnTypes } from './column-types.ts';

/** Fleet data by path, WITHOUT ROWID on SQLite: a third smaller and a quarter faster by key. */
// biome-ignore lint/suspicious/noExplicitAny: a migration is frozen and knows no later schema
export async function up(db: Kysely<any>): Promise<void> {
  const types = columnTypes(db);
  for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

function statements({
  int,
  text,
  real,
  bytes,
  table,
  keyed,
}: ReturnType<typeof columnTypes>): string[] {
  const path = `customer ${text} not null, machine ${text} not null, software ${text} not null`;
  return [
    `create table customer (
      slug ${text} primary key, name ${text} not null, email ${text}, phone ${text},
      parent ${text} references customer (slug), overdue_after_ms ${int}, machine_limit ${int},
      created_at ${int} not null, deactivated_at ${int})${table}`,
    'create index customer_parent on customer (parent)',

    `create table token (
      id ${text} primary key, customer ${text} not null references customer (slug), name ${text},
      secret_hash ${bytes} not null unique, created_at ${int} not null, expires_at ${int},
      revoked_at ${int}, replaces ${text})${table}`,
    'create index token_customer on token (customer)',

    `create table token_use (
      customer ${text} not null, token_id ${text} not null, last_used_at ${int} not null,
      last_used_address ${text} not null, primary key (customer, token_id))${keyed}`,

    `create table machine_count (
      customer ${text} primary key, machines ${int} not null)${keyed}`,

    `create table machine (
      customer ${text} not null, machine ${text} not null, first_seen_at ${int} not null,
      overdue_after_ms ${int}, instances ${int} not null, primary key (customer, machine))${keyed}`,

    `create table instance (
      ${path}, first_seen_at ${int} not null, last_seen_at ${int} not null,
      newest_at ${int} not null, token_id ${text} not null, overdue_after_ms ${int},
      machine_overdue_after_ms ${int},
      up_since ${int}, last_beat_at ${int}, beats ${int} not null, version ${text},
      uptime_seconds ${real}, pid ${int}, started_at ${int}, clock_skew_ms ${int},
      host_digest ${int}, hostname_digest ${int},
      former_senders ${text}, sender_returns ${int} not null, two_senders_at ${int},
      status ${text}, status_since ${int}, status_last_at ${int}, status_count ${int} not null,
      open_errors ${int} not null, acknowledged_errors ${int} not null,
      open_warnings ${int} not null, newest_warning_at ${int}, worst_severity ${int} not null,
      worst_code ${int}, worst_text ${text}, worst_since ${int},
      up_window_at ${int}, up_closings ${int} not null,
      status_window_at ${int}, status_closings ${int} not null,
      diagnostic_window_at ${int}, diagnostic_closings ${int} not null,
      sessions ${text}, primary key (customer, machine, software))${keyed}`,

    `create table instance_host (
      ${path}, ips ${text}, hostname ${text}, os ${text},
      primary key (customer, machine, software))${keyed}`,

    `create table instance_status (
      ${path}, message ${text}, snapshot ${text}, primary key (customer, machine, software))${table}`,

    `create table diagnostic (
      ${path}, code ${int} not null, module ${text} not null, severity ${int} not null,
      message ${text} not null, context ${text}, count ${int} not null, opened_at ${int} not null,
      last_at ${int} not null, acknowledged_at ${int}, acknowledged_by ${text}, note ${text},
      primary key (customer, machine, software, code, module))${table}`,
    // The few that are open, among the last words on whatever was said without being one.
    `create index diagnostic_open on diagnostic (customer, machine, software)
      where severity > 0`,

    `create table up_history (
      ${path}, started_at ${int} not null, ended_at ${int} not null, up_ms ${int} not null,
      beats ${int} not null, version ${text}, ended_by ${text} not null, episodes ${int} not null,
      primary key (customer, machine, software, started_at))${keyed}`,

    `create table status_history (
      ${path}, started_at ${int} not null, ended_at ${int} not null, last_at ${int} not null,
      status ${text} not null, message ${text}, count ${int} not null, episodes ${int} not null,
      primary key (customer, machine, software, started_at))${keyed}`,

    `create table diagnostic_history (
      ${path}, opened_at ${int} not null, code ${int} not null, module ${text} not null,
      severity ${int} not null, message ${text} not null, context ${text}, count ${int} not null,
      last_at ${int} not null, closed_at ${int} not null, closed_by ${text} not null,
      acknowledged_at ${int}, acknowledged_by ${text}, note ${text}, episodes ${int} not null,
      primary key (customer, machine, software, opened_at, code, module))${keyed}`,
    `create index diagnostic_history_code on diagnostic_history (
      customer, machine, software, code, module, opened_at)`,
    'create index diagnostic_history_closed_at on diagnostic_history (closed_at)',

    `create table rejection (
      customer ${text} not null, digest ${text} not null, slot ${int} not null, id ${text} not null,
      reason ${text} not null, http_status ${int} not null, machine ${text} not null,
      software ${text} not null, endpoint ${text} not null, path ${text} not null, token_id ${text} not null,
      token_customer ${text} not null, token_form ${text} not null, address ${text} not null,
      count ${int} not null, first_at ${int} not null, last_at ${int} not null,
      bytes ${int} not null, detail ${text} not null, errors ${text}, payload ${text},
      primary key (customer, digest, slot))${table}`,
    'create index rejection_last_at on rejection (last_at, bytes)',
    'create index rejection_id on rejection (id)',

    `create table node (
      node ${text} primary key, listening_since ${int} not null, last_alive_at ${int} not null,
      stopped_at ${int}, overdue_after_ms ${int} not null, accepted ${int} not null, refused ${int} not null,
      not_recorded ${int} not null)${table}`,

    `create table unobserved (
      started_at ${int} primary key, ended_at ${int} not null)${table}`,

    `create table audit (
      id ${text} primary key, at ${int} not null, actor ${text} not null, action ${text} not null,
      customer ${text} not null, subject ${text} not null, detail ${text})${table}`,
    'create index audit_at on audit (at)',
  ];
}
