import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlug, SLUG_MAX, suggestSlug } from '../../src/domain/slug.ts';

describe('isSlug', () => {
  it.each(['server-01', 'my-app', 'brinkhaus-gmbh', '0', 'a--', 'a'.repeat(SLUG_MAX)])(
    'takes %s',
    (text) => {
      expect(isSlug(text)).toBe(true);
    },
  );

  it.each(['', '-a', 'A', 'a_b', 'a b', 'a\n', 'ä', 'a/b', '../a', 'a'.repeat(SLUG_MAX + 1)])(
    'refuses %j',
    (text) => {
      expect(isSlug(text)).toBe(false);
    },
  );

  it('agrees with the published format for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'z', '0', '-', 'A', '_', ' ', '\n', 'é') }),
        (text) => {
          expect(isSlug(text)).toBe(/^[a-z0-9][a-z0-9-]*$/.test(text) && text.length <= 128);
        },
      ),
    );
  });
});

describe('suggestSlug', () => {
  it.each([
    ['My Company', 'my-company'],
    ['SERVER_01', 'server-01'],
    ['-server-01-', 'server-01'],
    ['Müller & Söhne GmbH', 'muller-sohne-gmbh'],
    ['Hauptstraße 5', 'hauptstrasse-5'],
    ['edge.local', 'edge-local'],
    ['{customer}', 'customer'],
    ['my-app', 'my-app'],
    ['日本', null],
    ['', null],
  ])('proposes for %j %j', (text, slug) => {
    expect(suggestSlug(text)).toBe(slug);
  });

  it('proposes nothing but slugs and leaves slugs alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const slug = suggestSlug(text);
        expect(slug === null || isSlug(slug)).toBe(true);
        expect(slug && suggestSlug(slug)).toBe(slug);
      }),
    );
  });
});
