import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runFleet } from '../support/servers.ts';
import { hasTool } from '../support/tools.ts';
import { endTerminals, openDashboard, openFleetTerminal } from './fleet-terminal.ts';
import { createInstallation } from './support.ts';
import { startWatchedFleet, type WatchedFleet } from './watched-fleet.ts';

const TOKEN = /fm_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}/;

describe.skipIf(!hasTool('tmux'))('an operator at the dashboard', () => {
  let fleet: WatchedFleet;
  beforeAll(async () => {
    fleet = await startWatchedFleet();
  });
  afterEach(endTerminals);
  afterAll(() => fleet?.stop());

  it('leads to the red machine and its reason', async () => {
    const terminal = await fleet.watch();
    await terminal.press('o');
    await terminal.see(/press-07 +✖ red +press-control: 1 unacknowledged error/);
    expect(await terminal.screen()).not.toContain('press-01');
    await terminal.press('j');
    await terminal.see(/^my-company\/press-07 .*4011 Pump 2 tripped, since/m);
    await terminal.press('Enter');
    const screen = await terminal.see('my-company/press-07/press-control');
    expect(screen).toContain('[2 Instance]');
    expect(screen).toMatch(/version +1\.4\.0/);
    await terminal.press('Escape');
    await terminal.see('[1 Fleet]');
  });

  it('acknowledges an error with a note, and its light turns yellow', async () => {
    await fleet.reportError('press-08', 'Oil pressure low');
    const terminal = await fleet.watch();
    await terminal.press('3');
    await terminal.see('Oil pressure low');
    await terminal.type('/press-08');
    await terminal.see('1 open   filter: press-08');
    await terminal.press('Enter', 'a');
    await terminal.see('Acknowledge 4011 of my-company/press-08/press-control');
    await terminal.type('pump is ordered');
    await terminal.press('Enter');
    await terminal.see('Acknowledged 4011.');
    await terminal.press('1');
    await terminal.type('/press-08');
    await terminal.see(/press-08 +▲ yellow/);
    const { items } = await fleet.json('diagnostics', 'list');
    const found = items.find(({ machine }: { machine: string }) => machine === 'press-08');
    expect(found).toMatchObject({ note: 'pump is ordered', acknowledged_by: expect.any(String) });
  });

  it('shows a refusal as it arrives, with what to do and the details', async () => {
    const terminal = await fleet.watch();
    await terminal.press('4');
    await terminal.see('following');
    await fleet.send('my-company/press-55/press-control/heartbeat', {}, fleet.token.slice(0, 30));
    const screen = await terminal.see('my-company/press-55/press-control/heartbeat');
    expect(screen).toContain('token_unknown');
    await terminal.see('Try: fleet token create my-company');
    await terminal.press('y');
    const copied = Buffer.from('fleet token create my-company').toString('base64');
    await expect.poll(() => terminal.raw()).toContain(`\x1b]52;c;${copied}\x07`);
    await terminal.press('Enter');
    await terminal.see(/told +The token was cut off/);
    await terminal.press('w');
    await terminal.see(/my-company\/press-55\/press-control\S* is refused: token unknown/);
  });

  it('creates a customer and a token that a device speaks with at once', async () => {
    const terminal = await fleet.watch();
    await terminal.press('5', 'n');
    await terminal.see('New customer');
    await terminal.type('north-plant');
    for (let field = 0; field < 7; field += 1) await terminal.press('Enter');
    await terminal.see('Created north-plant.');
    await terminal.see('customer  north-plant');
    await terminal.press('t');
    await terminal.see('New token for north-plant');
    await terminal.press('Enter', 'Enter');
    const secret = TOKEN.exec(await terminal.see(TOKEN))?.[0] ?? '';
    await terminal.press('y');
    await terminal.see('Copied');
    const copied = `\x1b]52;c;${Buffer.from(secret).toString('base64')}\x07`;
    await terminal.seeRaw(copied);
    expect((await fleet.send('north-plant/mill-01/mill/heartbeat', {}, secret)).status).toBe(200);
    await terminal.press('Enter');
    expect(await terminal.see('1 machine')).not.toContain(secret);
    await terminal.press('1');
    await terminal.type('/mill-01');
    await terminal.see(/mill-01 +✔ green/);
    await terminal.press('Escape', 'q');
    expect(await terminal.see(/[#$] fleet dashboard/)).not.toContain(secret);
  });

  it('turns a silent device red although no data change', async () => {
    await fleet.fleet('customer', 'create', 'quiet', '--overdue-after', '10s');
    const { token: secret } = await fleet.json('token', 'create', 'quiet');
    const terminal = await fleet.watch();
    await terminal.type('/lone-01');
    await fleet.send('quiet/lone-01/probe/heartbeat', {}, secret);
    await terminal.see(/lone-01 +✔ green/);
    await terminal.see(/lone-01 +✖ red +probe: no heartbeat for 1\d s \(limit 10 s\)/);
  });

  it('says when no server runs, and stops saying it', async () => {
    const lonely = await createInstallation('sqlite');
    await lonely.fleet('customer', 'create', 'my-company');
    const first = await lonely.serve();
    const terminal = await openDashboard({ env: { FLEET_DATABASE: lonely.url } });
    await terminal.see('my-company');
    expect(await terminal.screen()).not.toContain('No server');
    await first.stop();
    await terminal.see('No server has run since');
    const second = await lonely.serve();
    await terminal.see((screen) => !screen.includes('No server'));
    await second.stop();
    await lonely.drop();
  });

  it('shows the demo on every screen and leaves nothing behind', async () => {
    const terminal = await openFleetTerminal();
    await terminal.run('fleet demo --machines 30');
    await terminal.see(/✖ [1-9]\d* red .* messages\/s/);
    await terminal.press('o');
    await terminal.see(/✖ red +[\w-]+: /);
    await terminal.type('jj\r');
    await terminal.press('3');
    await terminal.see(/[1-9]\d* open/);
    await terminal.press('Enter');
    await terminal.see(/availability/);
    await terminal.press('4');
    await terminal.see(/[1-9]\d* rejections +following/);
    await terminal.press('5');
    await terminal.see(/TOKEN +STATE +EXPIRES/);
    await terminal.press('q');
    await terminal.see('The demo is over');
    expect(readdirSync(join(terminal.directory, 'tmp'))).toEqual([]);
  });
});

describe('the dashboard without a terminal', () => {
  it('prints the health of the fleet and ends', async () => {
    const own = await createInstallation('sqlite');
    await own.fleet('customer', 'create', 'my-company');
    const options = { env: { FLEET_DATABASE: own.url } };
    const [shown, health] = await Promise.all([
      runFleet(['dashboard'], options),
      runFleet(['health'], options),
    ]);
    expect(shown).toMatchObject({ code: 0, stdout: health.stdout });
    expect(stripVTControlCharacters(shown.stdout)).toBe(shown.stdout);
    const json = await own.json('dashboard');
    expect(json.children).toHaveLength(1);
    await own.drop();
  });
});
