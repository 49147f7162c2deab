/** Results for people: a table for the terminal, sections of a document. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Column, renderTable } from '../src/cli/table.ts';
import type { Row, Scenario, Settings } from './scenario.ts';

/** What stands beside figures: when, where, how. */
export interface Circumstances {
  /** As `2027-01-31`. */
  date: string;
  machine: string;
  settings: Settings;
}

const TEMPLATE = join(import.meta.dirname, 'performance.template.md');

const COLUMNS: readonly Column<Row>[] = [
  { header: '', value: (row) => row.label },
  { header: 'MEASURED', value: formatValue, align: 'right' },
  { header: 'RATIO', value: (row) => row.ratio?.toFixed(2) ?? '', align: 'right' },
  { header: 'TARGET', value: (row) => row.target ?? '' },
  { header: '', value: formatVerdict },
  { header: 'NOTE', value: (row) => row.note ?? '' },
];

/** The result of one scenario as lines for a terminal. */
export function renderTerminal(
  scenario: Scenario,
  rows: readonly Row[],
  settings: Settings,
): string {
  const { name, title, setup, target, configure } = scenario;
  const head = [`${name}: ${title}`, setup, `Target: ${target}.`, `(${configure(settings)})`];
  return `${head.join('\n')}\n${renderTable(COLUMNS, rows)}\n`;
}

/** The result of one scenario as a section in Markdown, marked so that a later run can replace it. */
export function renderSection(
  scenario: Scenario,
  rows: readonly Row[],
  { date, machine, settings }: Circumstances,
): string {
  const headers = ['', 'measured', 'ratio', 'target', '', ''];
  const cells = rows.map((row) => COLUMNS.map((column) => String(column.value(row) ?? '')));
  const table = [headers, ['---', '--:', '--:', '---', '---', '---'], ...cells];
  const content = [
    ...introduce(scenario),
    table.map((line) => `| ${line.join(' | ')} |`).join('\n'),
    `*${date}; ${scenario.configure(settings)}; ${machine}*`,
  ];
  return mark(scenario, content.join('\n\n'));
}

/** The whole document: new sections, and of the present document those that were not measured anew. */
export function renderDocument(
  scenarios: readonly Scenario[],
  sections: ReadonlyMap<string, string>,
  present: string,
): string {
  const list = scenarios.map(
    (each) => sections.get(each.name) ?? findSection(each, present) ?? renderMissing(each),
  );
  return readFileSync(TEMPLATE, 'utf8').replace('{{scenarios}}', () => list.join('\n\n'));
}

function introduce({ title, setup, target }: Scenario): string[] {
  return [`## ${title}`, setup, `Target: ${target}.`];
}

function renderMissing(scenario: Scenario): string {
  const how = `Not measured yet: \`npm run bench -- --only ${scenario.name} --write\`.`;
  return mark(scenario, [...introduce(scenario), how].join('\n\n'));
}

function mark({ name }: Scenario, content: string): string {
  return `<!-- ${name} -->\n\n${content}\n\n<!-- /${name} -->`;
}

function findSection({ name }: Scenario, document: string): string | undefined {
  return new RegExp(`<!-- ${name} -->[^]*<!-- /${name} -->`).exec(document)?.[0];
}

function formatValue({ value, unit }: Row): string {
  if (value === null) return '';
  const digits = unit === 'ms' || unit === 'MB' ? 1 : 0;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const number = value.toLocaleString('en', options);
  return unit.startsWith('/') ? `${number}${unit}` : `${number} ${unit}`.trimEnd();
}

function formatVerdict({ met }: Row): string {
  if (met === undefined) return '';
  return met ? 'met' : 'missed';
}
