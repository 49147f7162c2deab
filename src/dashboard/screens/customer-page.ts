import { formatDurationKnown, formatWhenKnown } from '../../cli/time.ts';
import type { CountedToken } from '../../db/tokens/machines.ts';
import { formatRelative } from '../../domain/time/instant.ts';
import { findTokenState } from '../../domain/tokens/token-state.ts';
import type { CustomerPage } from '../data/requests.ts';
import { fitLine, type Line, line, markSelected, padLine, span } from '../drawing/line.ts';

interface PageOptions {
  columns: number;
  height: number;
  nowMs: number;
  /** Which token is selected; null while the keys are with the customers. */
  token: number | null;
}

/** Returns what a customer has: contact, limits and tokens, as far as there is room. */
export function renderCustomerPage(page: CustomerPage, options: PageOptions): readonly Line[] {
  const { columns, height } = options;
  const fields = listFields(page).map(([label, text]) =>
    fitLine([...padLine(line(label, 'dim'), 10), span(text)], columns),
  );
  const tokens = sortTokens(page.tokens);
  const room = Math.max(1, height - fields.length - 1);
  const selected = options.token ?? 0;
  const top = Math.max(0, Math.min(selected - room + 1, tokens.length - room));
  return [
    ...fields,
    describeTokens(tokens, options),
    ...tokens
      .slice(top, top + room)
      .map((token, at) =>
        renderToken(token, { ...options, isSelected: options.token === top + at }),
      ),
  ];
}

/** Returns the tokens that work before those that ended, the newest first. */
export function sortTokens(tokens: readonly CountedToken[]): CountedToken[] {
  const rank = ({ revoked_at }: CountedToken) => (revoked_at === null ? 0 : 1);
  return tokens.toSorted((one, two) => rank(one) - rank(two) || two.created_at - one.created_at);
}

function listFields({ customer, counts }: CustomerPage): [string, string][] {
  const { name, email, phone, parent, overdue_after_ms, machine_limit } = customer;
  const contact = [email, phone].filter((part) => part !== null).join('   ') || 'none';
  const below = counts.children.length === 0 ? '' : `   above ${counts.children.join(', ')}`;
  const overdue = `overdue after ${formatDurationKnown(overdue_after_ms) ?? 'the default'}`;
  const machines = `${counts.machines} machines (${machine_limit === null ? 'default limit' : `limit ${machine_limit}`})`;
  return [
    ['customer', `${customer.slug}   ${name}`],
    ['belongs', `${parent === null ? 'to none' : `to ${parent}`}${below}`],
    ['contact', contact],
    ['limits', `${overdue}   ${machines}`],
  ];
}

const WIDTHS = { id: 10, state: 9, expires: 28, machines: 9, used: 12 };

function describeTokens(tokens: readonly CountedToken[], { columns }: PageOptions): Line {
  if (tokens.length === 0) return line('  no token yet: t creates one', 'dim');
  const heads = [
    padLine(line('TOKEN', 'dim'), WIDTHS.id),
    padLine(line('STATE', 'dim'), WIDTHS.state),
    padLine(line('EXPIRES', 'dim'), WIDTHS.expires),
    padLine(line('MACHINES', 'dim'), WIDTHS.machines),
    padLine(line('USED', 'dim'), WIDTHS.used),
    line('NAME', 'dim'),
  ];
  return fitLine([span('  '), ...heads.flat()], columns);
}

function renderToken(
  token: CountedToken,
  { columns, nowMs, isSelected }: PageOptions & { isSelected: boolean },
): Line {
  const used = token.last_used_at === null ? 'never' : formatRelative(token.last_used_at, nowMs);
  const cells = [
    padLine(line(token.id), WIDTHS.id),
    padLine(line(findTokenState(token, nowMs)), WIDTHS.state),
    padLine(line(describeExpiry(token, nowMs)), WIDTHS.expires),
    padLine(line(String(token.machine_count)), WIDTHS.machines),
    padLine(line(used), WIDTHS.used),
    line(token.name ?? ''),
  ];
  const text = fitLine([span(isSelected ? '> ' : '  '), ...cells.flat()], columns);
  return isSelected ? markSelected(text, columns) : text;
}

/** The day is enough here, and how far away it is. */
function describeExpiry({ expires_at }: CountedToken, nowMs: number): string {
  const text = formatWhenKnown(expires_at, nowMs);
  if (text === null) return 'never';
  const [day = '', ...rest] = text.split(' ');
  return `${day} ${rest.slice(2).join(' ')}`;
}
