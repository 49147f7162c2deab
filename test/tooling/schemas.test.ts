import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { renderSchemas } from '../../scripts/write-schemas.ts';

const PUBLISHED = fileURLToPath(new URL('../../docs/schemas', import.meta.url));

it('publishes the JSON of every command as it is (else run: npm run schemas)', async () => {
  const published = readdirSync(PUBLISHED).map((file) => [
    file,
    readFileSync(join(PUBLISHED, file), 'utf8'),
  ]);
  expect(Object.fromEntries(published)).toEqual(Object.fromEntries(await renderSchemas()));
});
