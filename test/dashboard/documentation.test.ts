import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { KEYS, type KeyBinding, type Place } from '../../src/dashboard/keys.ts';
import { SCREEN_TITLES, SCREENS } from '../../src/dashboard/state.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const PAGE = readFileSync(`${DOCS}/dashboard.md`, 'utf8');
const README = readFileSync(`${DOCS}/../README.md`, 'utf8');

const TITLES: Readonly<Record<Place, string>> = {
  everywhere: 'Everywhere',
  list: 'In lists',
  ...SCREEN_TITLES,
  dialog: 'In pages over the screen',
  form: 'In forms',
  choice: 'Where one of several is meant',
  confirm: 'Before severe changes',
  secret: 'With a new token',
};

const PLACES: readonly Place[] = [
  ...(['everywhere', 'list'] as const),
  ...SCREENS,
  ...(['dialog', 'form', 'choice', 'confirm', 'secret'] as const),
];

/** Every key as the page has to tell it. */
function renderKeys(): string {
  const bindings: readonly KeyBinding[] = KEYS;
  const sections = PLACES.map((place) => [
    `| **${TITLES[place]}** | |`,
    ...bindings
      .filter(({ places }) => places.includes(place))
      .map(({ keys, help }) => `| ${keys.map((key) => `\`${key}\``).join(', ')} | ${help} |`),
  ]);
  return ['| key | does |', '|---|---|', ...sections.flat()].join('\n');
}

function listPictures(text: string): string[] {
  return Array.from(text.matchAll(/!\[[^\]]+\]\((?:docs\/)?(pictures\/[^)]+)\)/g), ([, path]) =>
    String(path),
  );
}

describe('docs/dashboard.md', () => {
  it('has every key of every place', () => {
    expect(PAGE).toContain(renderKeys());
  });

  it('shows every screen', () => {
    const shown = listPictures(PAGE);
    expect(shown).toEqual(expect.arrayContaining(SCREENS.map((name) => `pictures/${name}.svg`)));
  });

  it('shows pictures that exist, are small and have a title, and leaves out none', () => {
    const shown = listPictures(PAGE);
    expect(shown.map((path) => path.slice('pictures/'.length)).sort()).toEqual(
      readdirSync(`${DOCS}/pictures`).sort(),
    );
    for (const path of shown) {
      expect(statSync(`${DOCS}/${path}`).size).toBeLessThan(60_000);
      const picture = readFileSync(`${DOCS}/${path}`, 'utf8');
      expect(picture).toMatch(/<title>[^<]+<\/title>/);
      expect(picture).not.toMatch(/fm_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}/);
    }
  });

  it('is what the README shows a part of', () => {
    const shown = listPictures(README);
    expect(shown).not.toEqual([]);
    for (const path of shown) expect(existsSync(`${DOCS}/${path}`)).toBe(true);
  });
});
