import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createScratchDirectory } from '../support/databases.ts';
import { runFleet } from '../support/servers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(ROOT, 'bin/run.js');
const PRETEND_NODE_20 =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.1.0"}})';

describe('bin/run.js', () => {
  it('hands over to the commands', async () => {
    const { code, stdout, stderr } = await runFleet(['--version']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^fleetmanager\/\d+\.\d+\.\d+ .* node-v\d+/);
  });

  it('tells the user of an old Node in one sentence what to do', () => {
    const args = ['--import', PRETEND_NODE_20, PROGRAM, '--version'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 78, stdout: '' });
    expect(stderr).toMatch(/^fleet needs Node 24 or later .*\n$/);
  });

  it('says what to run first where nothing is built', async () => {
    const directory = await createScratchDirectory();
    await cp(join(ROOT, 'bin'), join(directory, 'bin'), { recursive: true });
    await cp(join(ROOT, 'package.json'), join(directory, 'package.json'));
    const args = [join(directory, 'bin/run.js')];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(78);
    expect(stderr).toBe('fleet is not built yet: run "npm ci" (or "npm run build") first.\n');
  });

  it('ends silently and with 0 when the reader of its output has gone', async () => {
    const child = spawn(process.execPath, [PROGRAM, '--help'], { stdio: 'pipe' });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
