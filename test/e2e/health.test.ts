import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetServer } from '../support/servers.ts';
import { createInstallation, DEPLOYMENTS, type Installation, post } from './support.ts';

const PATH = 'my-company/pc-1/app';

describe.each(DEPLOYMENTS)(
  'the traffic lights of a running installation on $name',
  (deployment) => {
    let installation: Installation;
    let server: FleetServer;
    let send: (endpoint: string, body: object) => Promise<number>;

    beforeAll(async () => {
      installation = await createInstallation(deployment);
      await installation.fleet('customer', 'create', 'my-company');
      const { token } = await installation.json('token', 'create', 'my-company');
      server = await installation.serve();
      send = async (endpoint, body) => {
        const url = `${server.url}/api/ingest/${PATH}/${endpoint}`;
        return (await post(url, { token, body: JSON.stringify(body) })).status;
      };
    });

    afterAll(() => installation.drop());

    const check = (...args: string[]) => installation.fleet(...args, 'my-company', '--exit-code');

    it('are green for a device that beats, and red once it says error', async () => {
      expect(await send('heartbeat', { version: '1.0.0' })).toBe(200);
      expect(await check('health')).toMatchObject({ code: 0, stderr: '' });
      expect(await send('status', { status: 'Error', message: 'no paper' })).toBe(200);
      const { code, stdout, stderr } = await check('health');
      expect({ code, stderr }).toEqual({ code: 10, stderr: '' });
      expect(stdout).toMatch(/^✖ red {5}my-company {2}1 red of 1 machine\n/);
      expect(stdout).toContain('status Error: no paper, since ');
    });

    it('are complete as JSON as well, and known as status', async () => {
      const { code, stdout } = await check('status', '--json');
      expect(code).toBe(10);
      expect(JSON.parse(stdout)).toMatchObject({
        ...{ name: 'my-company', health: 'red', server_running: true },
        children: [{ name: 'pc-1', children: [{ name: 'app', health: 'red' }] }],
      });
      expect((await installation.fleet('--help')).stdout).not.toMatch(/^ +status /m);
      expect((await installation.fleet('health', '--help')).stdout).toContain('$ fleet status');
    });

    it('go by a limit that was set while the device goes on', async () => {
      const set = ['update', 'my-company/pc-1', '--overdue-after', '1h'];
      expect(await installation.json('machine', ...set)).toMatchObject({
        ...{ overdue_after_seconds: 3_600, effective_overdue_after_seconds: 3_600 },
      });
      expect(await send('status', { status: 'running' })).toBe(200);
      expect(await installation.json('software', 'show', PATH)).toMatchObject({
        ...{ health: 'green', effective_overdue_after_seconds: 3_600 },
      });
    });

    it('say that no server runs once none does', async () => {
      await server.stop();
      const { stderr } = await installation.fleet('health');
      expect(stderr).toMatch(/^No server has run since .*Try: fleet serve\n$/);
    });
  },
);
