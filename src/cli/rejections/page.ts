import type { RejectionEntry } from '../../db/rejections/entries.ts';
import { REASONS } from '../../domain/rejections/reasons.ts';
import { printable } from '../../domain/text/printable.ts';
import { indentJson } from '../indent-json.ts';
import { renderFields } from '../table.ts';
import { formatWhen } from '../time.ts';
import { describeTarget } from './present.ts';

/** Returns everything about one rejection for people; what to do stands last, where the eye ends up. */
export function renderRejection(
  entry: RejectionEntry,
  { nowMs, width }: { nowMs: number; width: number | undefined },
): string {
  const { hint } = entry;
  const sections = [
    renderFields(listFields(entry, nowMs), { width }),
    renderErrors(entry),
    renderPayload(entry.payload),
    printable(hint.text),
    hint.command === null ? '' : `Try: ${hint.command}`,
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function listFields(entry: RejectionEntry, nowMs: number): [string, string | number][] {
  const { id, reason, http_status, path, token_id, token_customer } = entry;
  const owner = token_customer === '' ? '' : ` of ${token_customer}`;
  return [
    ['id', id],
    ['reason', `${reason} (${http_status} ${REASONS[reason].title})`],
    ['target', describeTarget(entry)],
    ['path', path],
    ['address', entry.address],
    ['token', token_id === '' ? '' : `${token_id}${owner}`],
    ['detail', entry.detail],
    ['count', entry.count],
    ['first', formatWhen(entry.first_at, nowMs)],
    ['last', formatWhen(entry.last_at, nowMs)],
    ['solved', entry.solved ? 'yes, the path was accepted later' : 'no'],
  ];
}

function renderErrors({ errors }: RejectionEntry): string {
  if (errors === null || errors.length === 0) return '';
  return renderFields(errors.map(({ path, message }) => [path || 'body', message]));
}

function renderPayload(payload: string | null): string {
  if (payload === null) return '';
  const lines = indentJson(payload).split(/\r\n|\n|\r/);
  return ['payload', ...lines.map((line) => `  ${printable(line)}`)].join('\n');
}
