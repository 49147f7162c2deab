import { string } from '@oclif/core/args';
import { custom } from '@oclif/core/flags';
import type { DiagnosticFilter } from '../../db/diagnostics/sources.ts';
import { SEVERITIES, type SeverityName } from '../../domain/diagnostics/severity.ts';
import { FleetError } from '../../domain/errors.ts';
import { suggestSimilar } from '../../domain/text/suggest.ts';
import { listFlag, splitList } from '../comma-list.ts';
import { sinceFlag } from '../flags.ts';
import { parsePath } from '../path-argument.ts';
import { parseCode } from './target.ts';

const NAMES = Object.keys(SEVERITIES) as SeverityName[];

const severityFlag = custom<number[]>({
  parse: async (text) => splitList(text).map(parseSeverity),
});

const codeFlag = custom<number[]>({
  parse: async (text) => splitList(text).map(parseCode),
});

/** Below what the diagnostics are to be, where not the whole fleet is meant. */
export const pathArgument = string({
  description: 'Only of this customer, customer/machine, or customer/machine/software.',
});

/** What narrows the diagnostics: all flags that are given must apply, of a comma list one item. */
export const diagnosticFilterFlags = {
  severity: severityFlag({
    description: `Severities: ${NAMES.map((name) => `${name} (${SEVERITIES[name]})`).join(', ')}; warning and error unless given.`,
    helpValue: '<severity,…>',
  }),
  code: codeFlag({ description: 'Codes of the device.', helpValue: '<code,…>' }),
  customer: listFlag({ description: 'Customers.', helpValue: '<customer,…>' }),
  since: sinceFlag({ description: 'Reported or closed since then, as 15m or 2027-01-31.' }),
};

interface FilterFlags {
  severity: number[] | undefined;
  code: number[] | undefined;
  customer: string[] | undefined;
  since: number | undefined;
}

/** Returns the filter that the path and the flags describe. */
export function toFilter(
  path: string | undefined,
  { severity, code, customer, since }: FilterFlags,
): Omit<DiagnosticFilter, 'nowMs'> {
  return {
    ...(path === undefined ? {} : parsePath(path, { least: 1, most: 3 })),
    severities: severity,
    codes: code,
    customers: customer,
    sinceMs: since,
  };
}

function parseSeverity(text: string): number {
  const name = NAMES.find((each) => each === text || String(SEVERITIES[each]) === text);
  if (name !== undefined) return SEVERITIES[name];
  const similar = suggestSimilar(text, NAMES);
  const ending =
    similar === null ? `; severities are ${NAMES.join(', ')}.` : `; did you mean ${similar}?`;
  throw new FleetError('usage', `There is no severity "${text}"${ending}`);
}
