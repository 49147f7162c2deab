import { describe, expect, it } from 'vitest';
import { ERRORS, EXIT_CODES, FleetError } from '../../src/domain/errors.ts';

describe('the catalogue of errors', () => {
  it.each(Object.entries(ERRORS))(
    'gives %s a documented exit code that is not success, and a title',
    (_, row) => {
      expect(EXIT_CODES).toHaveProperty(String(row.exit));
      expect(row.exit).not.toBe(0);
      expect(row.title).toMatch(/^[A-Z].*[^.]$/);
    },
  );

  it('documents no exit code twice and in rising order', () => {
    expect(Object.keys(EXIT_CODES).map(Number)).toEqual([
      0, 1, 2, 3, 4, 5, 10, 69, 70, 74, 75, 78, 130,
    ]);
  });
});

describe('FleetError', () => {
  it('takes its exit code and hint from the catalogue', () => {
    const error = new FleetError('schema_old', 'The database is of version 3.');
    expect(error).toMatchObject({
      name: 'FleetError',
      code: 'schema_old',
      exit: 78,
      hint: 'fleet migrate',
    });
    expect(error.message).toBe('The database is of version 3.');
    expect(error).not.toHaveProperty('cause');
  });

  it('prefers its own hint and keeps the cause', () => {
    const cause = new Error('SQLITE_BUSY');
    const error = new FleetError('busy', 'Busy.', { hint: 'fleet doctor', cause });
    expect(error).toMatchObject({ hint: 'fleet doctor', cause, exit: 75 });
  });

  it('may have no hint', () => {
    expect(new FleetError('not_found', 'No customer "x".').hint).toBeUndefined();
  });
});
