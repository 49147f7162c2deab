// Checks the types of src, bundles it into dist and writes oclif.manifest.json. Silent on success; on
// errors it says what is wrong, leaves dist and the manifest as they were and exits 1.
import './require-node.js';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
// By its default export: a name that an old Node does not know would fail before the check above.
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MANIFEST = 'oclif.manifest.json';
const STAMP = 'dist/.build';
/** Like the project, with a dist of its own: that one takes the place of dist once all is well. */
const STAGING = join(ROOT, '.staging');
const INPUTS = [
  'src/**/*',
  'scripts/{build,bundle}.js',
  'tsconfig*.json',
  'package.json',
  // Every package that is installed, since most of them are in the bundle.
  'node_modules/.package-lock.json',
];

/** @param {string[]} patterns */
function findFiles(patterns) {
  return fs
    .globSync(patterns, { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

// By content and not by time: a checkout, a copy and a clock that steps all lie about times. The
// outputs are part of it, so that a file deleted from dist is noticed as well.
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of findFiles([...INPUTS, 'dist/**/*', MANIFEST])) {
    hash.update(`${file}\0${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}\n`);
  }
  return hash.digest('hex');
}

function isUpToDate() {
  const stamp = join(ROOT, STAMP);
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === fingerprint();
}

function checkTypes() {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = ['-p', 'tsconfig.build.json', '--pretty', 'false'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(1);
}

/** Loads every command, which fails where one cannot be, and returns what they are. */
async function readManifest() {
  // Outside production oclif looks for a TypeScript compiler of the old kind to read src with.
  process.env.NODE_ENV = 'production';
  const { Plugin } = await import('@oclif/core');
  const plugin = new Plugin({
    root: STAGING,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  return `${JSON.stringify(plugin.manifest, null, 2)}\n`;
}

async function buildInStaging() {
  fs.cpSync(join(ROOT, 'package.json'), join(STAGING, 'package.json'));
  const { bundle } = await import('./bundle.js');
  await bundle(join(STAGING, 'dist'));
  return await readManifest();
}

/** @param {string} manifest */
function publish(manifest) {
  fs.rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  fs.renameSync(join(STAGING, 'dist'), join(ROOT, 'dist'));
  fs.writeFileSync(join(ROOT, MANIFEST), manifest);
  fs.writeFileSync(join(ROOT, STAMP), fingerprint());
}

if (!isUpToDate()) {
  checkTypes();
  try {
    publish(await buildInStaging());
  } finally {
    fs.rmSync(STAGING, { recursive: true, force: true });
  }
}
