import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  describeLocation,
  hasPassword,
  parseLocation,
} from '../../../src/db/connection/location.ts';

describe('the location of a database', () => {
  it('without a scheme is a file', () => {
    expect(parseLocation('data/fleet.db')).toEqual({
      kind: 'sqlite',
      file: resolve('data/fleet.db'),
    });
  });

  it.each(['mysql://host/fleet', 'sqlite:///fleet.db'])('refuses %s', (text) => {
    expect(() => parseLocation(text)).toThrow(expect.objectContaining({ code: 'configuration' }));
  });

  it.each([
    'postgres://fleet:secret@db/fleet',
    'postgres://fleet:se%40cret@db/fleet',
    'postgresql://fleet:se@secret@db/fleet',
    'postgres://db/fleet?password=secret',
    'postgres://fleet@db/fleet?sslmode=require&password=secret',
    'postgres://fleet:se/secret@db/fleet',
  ])('is shown without the password of %s', (text) => {
    const location = parseLocation(text);
    expect(describeLocation(location)).not.toMatch(/secret|cret/);
    expect(hasPassword(location) || !URL.canParse(text)).toBe(true);
  });

  it.each(['postgres://fleet@db/fleet', 'postgres:///fleet?host=/run/postgresql'])(
    'is shown as it is where it has none: %s',
    (text) => {
      expect(hasPassword(parseLocation(text))).toBe(false);
      expect(describeLocation(parseLocation(text))).toBe(text);
    },
  );
});
