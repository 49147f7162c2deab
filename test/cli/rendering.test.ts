import { describe, expect, it } from 'vitest';
import { isColourful } from '../../src/cli/colour.ts';
import { cleanMessage, encodeJson } from '../../src/cli/output.ts';
import { type Column, renderFields, renderTable } from '../../src/cli/table.ts';
import { formatLocal, formatSince, formatWhen } from '../../src/cli/time.ts';
import { fitWidth, measureWidth } from '../../src/cli/width.ts';
import { generateToken } from '../../src/domain/tokens/token.ts';

type Row = { name: string; count: number | null };

const COLUMNS: Column<Row>[] = [
  { header: 'NAME', value: ({ name }) => name },
  { header: 'COUNT', value: ({ count }) => count, align: 'right' },
];

describe('a table', () => {
  it('has one line a row, aligned, without borders or trailing spaces', () => {
    const rows = [
      { name: 'gateway', count: 5 },
      { name: 'pc', count: 1000 },
    ];
    expect(renderTable(COLUMNS, rows)).toBe(
      ['NAME     COUNT', 'gateway      5', 'pc        1000'].join('\n'),
    );
  });

  it('shows what is absent as a field of its own', () => {
    expect(renderTable(COLUMNS, [{ name: '', count: null }]).split('\n')[1]).toBe('-         -');
  });

  it('keeps every row on its line, and obeys nothing that a device sent', () => {
    const text = renderTable(COLUMNS, [{ name: 'a\nb\u001b[31m\u202ec', count: 0 }]);
    expect(text.split('\n')).toHaveLength(2);
    expect(text.split('\n')[1]).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('is cut to a terminal, the widest column first, and to nothing else', () => {
    const rows = [{ name: 'x'.repeat(100), count: 12345 }];
    const lines = renderTable(COLUMNS, rows, { width: 40 }).split('\n');
    expect(lines.map((line) => measureWidth(line))).toEqual([40, 40]);
    expect(lines[1]).toMatch(/^x{32}… {2}12345$/);
    expect(renderTable(COLUMNS, rows)).toContain('x'.repeat(100));
  });

  it('leaves out details before it cuts what needs room, and shows them where there is enough', () => {
    const columns: Column<Row>[] = [
      { header: 'NAME', value: ({ name }) => name, needs: 20 },
      { header: 'COUNT', value: ({ count }) => count, isDetail: true },
    ];
    const rows = [{ name: 'x'.repeat(30), count: 1 }];
    const render = (width: number) => renderTable(columns, rows, { width }).split('\n')[1];
    expect(render(37)).toBe(`${'x'.repeat(30)}  1`);
    expect(render(27)).toBe(`${'x'.repeat(19)}…  1`);
    expect(render(26)).toBe(`${'x'.repeat(25)}…`);
  });

  it('cuts what needs no room first', () => {
    const columns: Column<Row>[] = [
      { header: 'A', value: ({ name }) => name },
      { header: 'B', value: ({ name }) => name, needs: 20 },
    ];
    const [, line = ''] = renderTable(columns, [{ name: 'x'.repeat(30), count: 1 }], {
      width: 32,
    }).split('\n');
    expect(line.split('  ').map(measureWidth)).toEqual([10, 20]);
  });

  it('colours a cell after it was aligned', () => {
    const painted = { ...COLUMNS[0], paint: (cell: string) => `<${cell}>` } as Column<Row>;
    const rows = [{ name: 'pc', count: 1 }];
    expect(renderTable([painted], rows).split('\n')[1]).toBe('<pc  >');
  });

  it('measures wide and combining characters as a terminal does', () => {
    expect(['pc', '機械', 'e\u0301', '🚀'].map(measureWidth)).toEqual([2, 4, 1, 2]);
    expect(fitWidth('機械機械', 6)).toBe('機械…');
  });
});

it('shows of the day only what is not today', () => {
  const nowMs = Date.parse('2026-11-22T15:00:00') + 3_600_000;
  expect(formatSince(nowMs - 3_600_000, nowMs)).toBe('15:00 (1 h ago)');
  expect(formatSince(nowMs - 86_400_000, nowMs)).toBe('2026-11-21 16:00 (1 d ago)');
});

it('aligns the names of a page, and shows what is absent', () => {
  const fields = [
    ['name', 'pc'],
    ['last used', null],
  ] as const;
  expect(renderFields(fields)).toBe('name       pc\nlast used  -');
});

it('goes on below the beginning of a long value, and breaks no word', () => {
  const url = `https://${'x'.repeat(60)}`;
  const fields = [['why', `${'word '.repeat(9)}機械 ${url} end`]] as const;
  expect(renderFields(fields, { width: 45 }).split('\n')).toEqual([
    `why  ${'word '.repeat(8).trimEnd()}`,
    '     word 機械',
    `     ${url}`,
    '     end',
  ]);
  expect(renderFields(fields, { width: 20 }).split('\n')).toHaveLength(1);
});

describe('JSON on stdout', () => {
  it('holds nothing that a terminal obeys, and reads back as it was', () => {
    const value = { text: 'a\u009b31m\u202e\u2028\u200b\u007f\u001b' };
    const json = encodeJson(value);
    expect(json).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(json)).toEqual(value);
  });
});

it('leaves no token in a message, whoever typed it', () => {
  const { token } = generateToken();
  expect(cleanMessage(`Unexpected argument: ${token}.`)).toBe('Unexpected argument: [token].');
});

describe('a time for people', () => {
  it('is local, with its offset and the distance', () => {
    const ms = Date.UTC(2026, 0, 2, 3, 4, 5);
    const text = formatWhen(ms, ms + 180_000);
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(3 m ago\)$/);
  });

  it('names the same instant as its number', () => {
    const ms = Date.UTC(2026, 6, 2, 3, 4, 5);
    const [day, time, offset] = formatLocal(ms).split(' ');
    expect(Date.parse(`${day}T${time}${offset}`)).toBe(ms);
  });
});

describe('colour', () => {
  const terminal = { isTTY: true };

  it('is for terminals only', () => {
    expect(isColourful(terminal, {})).toBe(true);
    expect(isColourful({}, {})).toBe(false);
  });

  it.each([{ NO_COLOR: '1' }, { FLEET_NO_COLOR: '1' }, { TERM: 'dumb' }])(
    'is left out with %o',
    (env) => expect(isColourful(terminal, env)).toBe(false),
  );
});
