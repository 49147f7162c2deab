#!/usr/bin/env node
// ES2018 and no static import: an outdated Node has to get as far as the sentence that tells its
// user what to do, instead of a syntax error or the silent crash of a native module.
const REQUIRED_NODE_MAJOR = 24;
const EXIT_CONFIGURATION = 78;
const EXIT_IO = 74;

/** @param {string} sentence */
function refuse(sentence) {
  console.error(sentence);
  process.exit(EXIT_CONFIGURATION);
}

// `fleet … | head` is no failure. A closed stderr alone changes nothing about what was asked for.
function tolerateClosedPipes() {
  process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code === 'EPIPE') process.exit(0);
    // As `> /dev/full`: what the command did is done, and nobody has seen its output.
    process.stderr.write(`The output could not be written: ${error.message}.\n`);
    process.exit(EXIT_IO);
  });
  process.stderr.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Node's default is a directory all users share. The cache is code: under a `sudo` that keeps HOME
// it would be another user's, so it is left out there.
async function enableCompileCache() {
  const { statSync } = await import('node:fs');
  const { homedir } = await import('node:os');
  const { isAbsolute, join } = await import('node:path');
  const { enableCompileCache: enable } = await import('node:module');
  const configured = process.env.XDG_CACHE_HOME || '';
  const base = isAbsolute(configured) ? configured : homedir();
  const owner = statSync(base, { throwIfNoEntry: false });
  if (!owner || (process.geteuid && owner.uid !== process.geteuid())) return;
  enable(join(base, base === configured ? '' : '.cache', 'fleet', 'compile-cache'));
}

async function run() {
  const { existsSync } = await import('node:fs');
  const program = new URL('../dist/program.js', import.meta.url);
  if (!existsSync(program)) {
    refuse('fleet is not built yet: run "npm ci" (or "npm run build") first.');
  }
  if (process.env.NODE_ENV === undefined) process.env.NODE_ENV = 'production';
  // Without it oclif asks for the user's entry in /etc/passwd, which a container may not have.
  if (process.env.SHELL === undefined) process.env.SHELL = '/bin/sh';
  tolerateClosedPipes();
  await enableCompileCache();
  const { fileURLToPath } = await import('node:url');
  const { execute } = await import(program.href);
  // Without oclif's plugins of users: it would look for them in the directory of our data.
  const loadOptions = { root: fileURLToPath(import.meta.url), userPlugins: false };
  await execute({ dir: import.meta.url, loadOptions });
}

if (Number(process.versions.node.split('.')[0]) < REQUIRED_NODE_MAJOR) {
  refuse(
    `fleet needs Node ${REQUIRED_NODE_MAJOR} or later and was started with ${process.version}: ` +
      'install a newer Node, or run "npm ci" in a checkout and start it there with "npx fleet".',
  );
} else {
  run();
}
