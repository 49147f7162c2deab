// An installation without the dev dependencies (`npm ci --omit=dev`) has no compiler and no bundler;
// there is nothing to build with, and that is no error.
import { existsSync } from 'node:fs';

const tools = ['typescript', 'rolldown'];
/** @param {string} tool */
const isInstalled = (tool) =>
  existsSync(new URL(`../node_modules/${tool}/package.json`, import.meta.url));
if (tools.every(isInstalled)) await import('./build.js');
