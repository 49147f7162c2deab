import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findLockfileProblems, normalizeLockfile } from '../../scripts/normalize-lockfile.js';

const projectLockfile = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');

function writeLockfile(packages: object): string {
  return `${JSON.stringify({ lockfileVersion: 3, packages }, null, 2)}\n`;
}

describe('the lockfile', () => {
  it('of this project is normalized and names no registry', () => {
    expect(findLockfileProblems(projectLockfile)).toEqual([]);
  });

  it('is refused with a download address, which normalizing removes', () => {
    const resolved = 'https://registry.npmjs.org/zod/-/zod-4.6.7.tgz';
    const text = writeLockfile({ 'node_modules/zod': { version: '4.6.7', resolved } });
    expect(findLockfileProblems(text)).toEqual([
      'package-lock.json names the registry https://registry.npmjs.org',
      'package-lock.json is not normalized',
    ]);
    expect(findLockfileProblems(normalizeLockfile(text))).toEqual([]);
  });

  it('is refused without the mark that keeps npm from compiling better-sqlite3', () => {
    const text = writeLockfile({ 'node_modules/better-sqlite3': { version: '13.2.0' } });
    expect(findLockfileProblems(text)).toEqual(['package-lock.json is not normalized']);
    expect(JSON.parse(normalizeLockfile(text)).packages['node_modules/better-sqlite3']).toEqual({
      version: '13.2.0',
      gypfile: false,
    });
  });

  it('keeps the path of a workspace link', () => {
    const text = writeLockfile({ 'node_modules/x': { resolved: 'clients/x', link: true } });
    expect(findLockfileProblems(text)).toEqual([]);
  });
});
