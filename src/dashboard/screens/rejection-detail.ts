import { describeTarget } from '../../cli/rejections/present.ts';
import { formatWhen } from '../../cli/time.ts';
import type { RejectionEntry } from '../../db/rejections/entries.ts';
import { REASONS } from '../../domain/rejections/reasons.ts';
import { listJsonLines } from '../drawing/json-lines.ts';
import { BLANK, fitLine, type Line, line, padLine, span, wrapText } from '../drawing/line.ts';

const LABEL_WIDTH = 9;

interface DetailOptions {
  width: number;
  nowMs: number;
}

/** Returns everything about a rejection, what to do first: that is what the technician waits for. */
export function renderRejectionDetail(
  entry: RejectionEntry,
  { width, nowMs }: DetailOptions,
): readonly Line[] {
  return [
    ...renderHint(entry, width),
    ...listFields(entry, nowMs).map(([label, text]) => renderField(label, text, width)),
    ...renderErrors(entry, width),
    ...renderPayload(entry, width),
  ];
}

function renderHint({ hint, solved }: RejectionEntry, width: number): Line[] {
  const text = solved
    ? wrapText('Solved: the same path was accepted later.', width, 'green')
    : wrapText(hint.text, width, 'bold');
  const { command } = hint;
  return command === null || solved
    ? text
    : [...text, fitLine([span('Try: '), span(command, 'cyan')], width)];
}

function listFields(entry: RejectionEntry, nowMs: number): [string, string][] {
  const { reason, http_status, token_id, token_customer, count } = entry;
  const owner = token_customer === '' ? '' : ` of ${token_customer}`;
  const times = count === 1 ? 'once' : `${count} times since ${formatWhen(entry.first_at, nowMs)}`;
  // What to do often repeats what the device was told, and the room is short.
  const isSaid = entry.hint.text.includes(entry.detail) && !entry.solved;
  return [
    ['reason', `${reason} (${http_status} ${REASONS[reason].title})`],
    ...(isSaid ? [] : [['told', entry.detail] satisfies [string, string]]),
    ['target', describeTarget(entry)],
    ['from', entry.address],
    ['token', token_id === '' ? 'not known' : `${token_id}${owner}`],
    ['when', `${formatWhen(entry.last_at, nowMs)}, ${times}`],
  ];
}

function renderField(label: string, text: string, width: number): Line {
  return fitLine([...padLine(line(label, 'dim'), LABEL_WIDTH), span(text)], width);
}

function renderErrors({ errors }: RejectionEntry, width: number): Line[] {
  return (errors ?? []).map(({ path, message }) =>
    fitLine(
      [
        ...padLine(line('wrong', 'dim'), LABEL_WIDTH),
        span(path || 'body', 'red'),
        span(` ${message}`),
      ],
      width,
    ),
  );
}

function renderPayload({ payload, errors }: RejectionEntry, width: number): Line[] {
  if (payload === null) return [];
  const wrong = new Set<string | null>((errors ?? []).map(({ path }) => path));
  return [
    BLANK,
    line('payload', 'dim'),
    ...listJsonLines(payload).map(({ text, path }) =>
      renderPayloadLine(text, wrong.has(path), width),
    ),
  ];
}

/** The offending field is marked by a sign as well as by its colour. */
function renderPayloadLine(text: string, isWrong: boolean, width: number): Line {
  return fitLine([span(isWrong ? '! ' : '  ', 'red'), span(text, isWrong ? 'red' : null)], width);
}
