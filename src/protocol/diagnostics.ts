import { ENVELOPE_KEYS, readEnvelope } from './envelope.ts';
import type { DiagnosticItem, Diagnostics, Severity } from './messages.ts';
import {
  isAbsent,
  isJsonRecord,
  pickKey,
  readBoundedText,
  readCutText,
  refuse,
  type TextRule,
  toPositiveZero,
} from './reading/fields.ts';
import {
  addError,
  type Findings,
  hasAllErrors,
  type JsonRecord,
  warnUnknownFields,
} from './reading/findings.ts';
import { writeJsonText } from './reading/json-text.ts';

const LIST_KEYS = ['diagnostics', 'items'] as const;

export const DIAGNOSTICS_KEYS = [...ENVELOPE_KEYS, ...LIST_KEYS] as const;

const ITEM_KEYS: ReadonlySet<string> = new Set([
  'code',
  'message',
  'severity',
  'module',
  'context',
]);

const MESSAGE: TextRule = { key: 'message', limit: 'messageLength' };
const MODULE: TextRule = { key: 'module', limit: 'moduleLength' };
const CONTEXT: TextRule = { key: 'context', limit: 'contextBytes' };

/** Sixteen digits hold every safe integer. */
export const CODE_TEXT = /^-?\d{1,16}$/;

/** Shells and templating write numbers as strings, so both are published as accepted. */
const SEVERITY_BY_VALUE: ReadonlyMap<unknown, Severity> = new Map<unknown, Severity>([
  [0, 0],
  [1, 1],
  [2, 2],
  ['0', 0],
  ['1', 1],
  ['2', 2],
]);

/**
 * Returns the diagnostics, all or nothing: every bad item (up to the bound on errors) is named in
 * the findings.
 */
export function readDiagnostics(record: JsonRecord, findings: Findings): Diagnostics {
  const { tsMs, ageSeconds, session, seq } = readEnvelope(record, findings);
  return {
    kind: 'diagnostics',
    tsMs,
    ageSeconds,
    session,
    seq,
    items: readItems(record, findings),
  };
}

function readItems(record: JsonRecord, findings: Findings): DiagnosticItem[] {
  const key = pickKey(record, LIST_KEYS, findings);
  const list = key === null ? null : record[key];
  if (!Array.isArray(list)) {
    addError(findings, key ?? LIST_KEYS[0], key === null ? 'is required' : 'must be a list');
    return [];
  }
  findings.listKey = key ?? '';
  return isTooLong(list, findings) ? [] : readEachItem(list, findings);
}

function isTooLong(list: readonly unknown[], findings: Findings): boolean {
  const { diagnosticsItems } = findings.limits;
  if (list.length <= diagnosticsItems) return false;
  addError(
    findings,
    findings.listKey,
    `must have at most ${diagnosticsItems} items, not ${list.length}`,
  );
  return true;
}

function readEachItem(list: readonly unknown[], findings: Findings): DiagnosticItem[] {
  const items: DiagnosticItem[] = [];
  for (let index = 0; index < list.length && !hasAllErrors(findings); index += 1) {
    findings.itemIndex = index;
    const value = list[index];
    if (isJsonRecord(value)) items.push(readItem(value, findings));
    else addError(findings, '', 'must be an object');
  }
  findings.itemIndex = -1;
  return items;
}

function readItem(item: JsonRecord, findings: Findings): DiagnosticItem {
  warnUnknownFields(findings, item, ITEM_KEYS);
  return {
    code: readCode(item, findings),
    severity: readSeverity(item, findings),
    message: readMessage(item, findings),
    module: readBoundedText(item, MODULE, findings) ?? '',
    context: isAbsent(item.context) ? null : writeJsonText(item.context, CONTEXT, findings),
  };
}

function readCode({ code }: JsonRecord, findings: Findings): number {
  const value = typeof code === 'string' && CODE_TEXT.test(code) ? Number(code) : code;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return toPositiveZero(value);
  refuse(findings, 'code', isAbsent(code) ? 'is required' : 'must be an integer');
  return 0;
}

function readSeverity({ severity }: JsonRecord, findings: Findings): Severity {
  const value = SEVERITY_BY_VALUE.get(severity);
  if (value !== undefined) return value;
  refuse(
    findings,
    'severity',
    isAbsent(severity) ? 'is required (0, 1 or 2)' : 'must be 0, 1 or 2',
  );
  return 0;
}

function readMessage(item: JsonRecord, findings: Findings): string {
  if (isAbsent(item.message)) refuse(findings, MESSAGE.key, 'is required');
  return readCutText(item, MESSAGE, findings) ?? '';
}
