import type { Customer } from '../../db/schema.ts';
import type { CustomerJson } from '../schemas/customer.ts';
import { type Cell, type Column, renderFields, renderTable } from '../table.ts';
import { formatDurationKnown, formatWhen, formatWhenKnown, toInstant } from '../time.ts';

/** The customer as JSON shows it. */
export function toCustomerJson(customer: Customer): CustomerJson {
  const { slug, name, email, phone, parent, overdue_after_ms, machine_limit } = customer;
  return {
    ...{ slug, name, email, phone, parent },
    overdue_after_seconds: overdue_after_ms === null ? null : overdue_after_ms / 1000,
    machine_limit,
    created_at: toInstant(customer.created_at) as string,
    deactivated_at: toInstant(customer.deactivated_at),
  };
}

const COLUMNS: Column<Customer>[] = [
  { header: 'CUSTOMER', value: ({ slug }) => slug },
  { header: 'NAME', value: ({ name }) => name },
  { header: 'PARENT', value: ({ parent }) => parent },
  { header: 'E-MAIL', value: ({ email }) => email },
  { header: 'STATE', value: describeState },
];

/** Customers for people, one a row. */
export function renderCustomers(customers: readonly Customer[], width: number | undefined): string {
  return renderTable(COLUMNS, customers, { width });
}

/** Customers as a tree: children below their parents, indented. */
export function renderCustomerTree(customers: readonly Customer[]): string {
  const known = new Set(customers.map(({ slug }) => slug));
  const roots = customers.filter(({ parent }) => parent === null || !known.has(parent));
  const draw = (customer: Customer, depth: number): string[] => [
    `${'  '.repeat(depth)}${renderFields([[customer.slug, describeNode(customer)]])}`,
    ...customers
      .filter(({ parent }) => parent === customer.slug)
      .flatMap((child) => draw(child, depth + 1)),
  ];
  return roots.flatMap((root) => draw(root, 0)).join('\n');
}

/** One customer with everything about it, for people. */
export function renderCustomer(
  customer: Customer,
  more: readonly (readonly [string, Cell])[],
  nowMs: number,
): string {
  return renderFields([
    ['customer', customer.slug],
    ['name', customer.name],
    ['e-mail', customer.email],
    ['phone', customer.phone],
    ['parent', customer.parent],
    ['overdue after', formatDurationKnown(customer.overdue_after_ms) ?? 'default'],
    ['machine limit', customer.machine_limit ?? 'default'],
    ['created', formatWhen(customer.created_at, nowMs)],
    ['deactivated', formatWhenKnown(customer.deactivated_at, nowMs)],
    ...more,
  ]);
}

function describeState({ deactivated_at }: Customer): string {
  return deactivated_at === null ? 'active' : 'deactivated';
}

function describeNode(customer: Customer): string {
  const state = customer.deactivated_at === null ? '' : ' (deactivated)';
  return `${customer.name}${state}`;
}
