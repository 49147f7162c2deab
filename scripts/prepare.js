// An installation without the dev dependencies (`npm ci --omit=dev`) has no compiler; there is
// nothing to build with, and that is no error.
import { existsSync } from 'node:fs';

const compiler = new URL('../node_modules/typescript/package.json', import.meta.url);
if (existsSync(compiler)) await import('./build.js');
