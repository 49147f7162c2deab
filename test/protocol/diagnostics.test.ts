import { describe, expect, it } from 'vitest';
import { accept, refuse, refusedPaths } from './support.ts';

const ITEM = { code: 1000, message: 'OK', severity: 0 };

function acceptItem(fields: object) {
  const { message, warnings } = accept('diagnostics', { diagnostics: [{ ...ITEM, ...fields }] });
  return { item: message.items[0], warnings };
}

function refuseItem(fields: object) {
  return refuse('diagnostics', { diagnostics: [{ ...ITEM, ...fields }] });
}

describe('diagnostics', () => {
  it('may be an empty list', () => {
    expect(accept('diagnostics', { diagnostics: [] }).message.items).toEqual([]);
  });

  it('may be 1000 items and no more', () => {
    const list = Array(1000).fill(ITEM);
    expect(accept('diagnostics', { items: list }).message.items).toHaveLength(1000);
    expect(refuse('diagnostics', { items: [...list, ITEM] })).toEqual([
      { path: 'items', message: 'must have at most 1000 items, not 1001' },
    ]);
  });

  it.each([
    ['an empty body', undefined, '', 'must be a JSON object, not empty'],
    ['a bare list', [ITEM], '', 'must be a JSON object'],
    ['{}', {}, 'diagnostics', 'is required'],
    ['two nulls', { diagnostics: null, items: null }, 'diagnostics', 'is required'],
    ['an object as diagnostics', { diagnostics: {} }, 'diagnostics', 'must be a list'],
    ['a string as items', { items: 'none' }, 'items', 'must be a list'],
  ])('are refused as %s', (_name, value, path, message) => {
    expect(refuse('diagnostics', value)).toEqual([{ path, message }]);
  });

  it('take diagnostics before items and say so', () => {
    const { message, warnings } = accept('diagnostics', { items: 5, diagnostics: [ITEM] });
    expect(message.items).toHaveLength(1);
    expect(warnings).toEqual(["items ignored, because 'diagnostics' is present"]);
  });

  it('take items where diagnostics is null', () => {
    expect(accept('diagnostics', { diagnostics: null, items: [ITEM] }).message.items).toHaveLength(
      1,
    );
  });

  it('are all or nothing: every bad item is named by index and field, in the key that was sent', () => {
    const list = [ITEM, { ...ITEM, severity: 3 }, 'text', { ...ITEM, code: null }];
    expect(refuse('diagnostics', { items: list })).toEqual([
      { path: 'items[1].severity', message: 'must be 0, 1 or 2' },
      { path: 'items[2]', message: 'must be an object' },
      { path: 'items[3].code', message: 'is required' },
    ]);
    expect(refusedPaths('diagnostics', { diagnostics: list })[0]).toBe('diagnostics[1].severity');
  });

  it('name the body field after the items as a body field', () => {
    const errors = refusedPaths('diagnostics', { items: [{}], age_seconds: -1 });
    expect(errors).toContain('age_seconds');
  });
});

describe('a code', () => {
  it.each([
    [0, 0],
    [-5, -5],
    [-0, 0],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
    ['1000', 1000],
    ['-7', -7],
    ['-0', 0],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j is read as %j', (sent, kept) => {
    expect(acceptItem({ code: sent }).item?.code).toBe(kept);
  });

  it.each([
    1.5,
    2 ** 53,
    '9007199254740992',
    '1e3',
    '0x10',
    '1.0',
    ' 1',
    '',
    'E1000',
    true,
    {},
    [1],
    '1'.repeat(10_000),
  ])('%j is refused', (code) => {
    expect(refuseItem({ code })).toEqual([
      { path: 'diagnostics[0].code', message: 'must be an integer' },
    ]);
  });
});

describe('a severity', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    ['0', 0],
    ['1', 1],
    ['2', 2],
    [-0, 0],
  ])('%j is read as %j', (sent, kept) => {
    expect(acceptItem({ severity: sent }).item?.severity).toBe(kept);
  });

  it.each([3, -1, 0.5, '3', '', 'error', '02', true, {}, [1]])('%j is refused', (severity) => {
    expect(refuseItem({ severity })).toEqual([
      { path: 'diagnostics[0].severity', message: 'must be 0, 1 or 2' },
    ]);
  });
});

describe('the other fields of an item', () => {
  it('message is required', () => {
    expect(refuseItem({ message: null })).toEqual([
      { path: 'diagnostics[0].message', message: 'is required' },
    ]);
    expect(refuseItem({ message: 5 })[0]?.message).toBe('must be a string');
  });

  it('message is cut at 4096 characters, because an error report must not be lost', () => {
    expect(acceptItem({ message: 'm'.repeat(4096) }).warnings).toEqual([]);
    const { item, warnings } = acceptItem({ message: 'm'.repeat(4097) });
    expect(item?.message).toHaveLength(4096);
    expect(warnings).toEqual(['diagnostics[0].message cut to 4096 characters']);
  });

  it('module is optional, and refused above 128 characters because it is part of the identity', () => {
    expect(acceptItem({ module: null }).item?.module).toBe('');
    expect(acceptItem({ module: 'm'.repeat(128) }).item?.module).toHaveLength(128);
    expect(refuseItem({ module: 'm'.repeat(129) })).toEqual([
      { path: 'diagnostics[0].module', message: 'must be at most 128 characters, not 129' },
    ]);
    expect(refuseItem({ module: 5 })[0]?.path).toBe('diagnostics[0].module');
  });

  it.each([
    [{ a: [1, null] }, '{"a":[1,null]}'],
    ['text', '"text"'],
    [0, '0'],
    [false, 'false'],
    [[], '[]'],
    [null, null],
  ])('context %j is kept as the JSON text %j', (context, text) => {
    expect(acceptItem({ context }).item?.context).toBe(text);
  });

  it('context is refused above 8 KiB, counted in bytes', () => {
    expect(acceptItem({ context: 'x'.repeat(8190) }).item?.context).toHaveLength(8192);
    expect(refuseItem({ context: 'x'.repeat(8191) })).toEqual([
      { path: 'diagnostics[0].context', message: 'must be at most 8192 bytes of JSON, not 8193' },
    ]);
    expect(refuseItem({ context: '€'.repeat(2731) })[0]?.message).toMatch(/not 8195$/);
  });

  it('context that is no JSON is refused, not thrown at the caller', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(refuseItem({ context: cycle })[0]?.message).toBe('must be JSON');
    expect(refuseItem({ context: 1n })[0]?.message).toBe('must be JSON');
  });
});
