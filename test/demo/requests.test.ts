import { describe, expect, it } from 'vitest';
import type { Credentials } from '../../src/demo/credentials.ts';
import { type Device, planFleet } from '../../src/demo/fleet.ts';
import type { DeviceMessage } from '../../src/demo/life.ts';
import { toPastRequests, toRequests } from '../../src/demo/requests.ts';
import { CUSTOMERS } from '../../src/demo/scenario/customers.ts';
import type { FaultName } from '../../src/demo/scenario/faults.ts';

const DEVICES = planFleet(140);
const OWN_TOKEN = 'a token of its own';

const hasCredential = ({ behaviour }: Device) => behaviour.fault?.startsWith('token_') === true;

const credentials: Credentials = {
  ofCustomer: new Map(CUSTOMERS.map(({ slug }) => [slug, `token of ${slug}`])),
  ofDevice: new Map(DEVICES.filter(hasCredential).map((device) => [device, OWN_TOKEN])),
};

const beatOf = (device: Device, atMs = 0): DeviceMessage => ({
  ...{ device, atMs },
  kind: 'heartbeat',
  payload: { pid: 7 },
});

function findDevice(isWanted: (device: Device) => boolean): Device {
  const device = DEVICES.find(isWanted);
  if (!device) throw new Error('there is no such device');
  return device;
}

/** What a device with this fault sends in place of a heartbeat. */
function spoil(fault: FaultName) {
  const device = findDevice(({ behaviour }) => behaviour.fault === fault);
  const [request] = toRequests([beatOf(device)], credentials);
  return { device, request };
}

describe('the requests of a demo', () => {
  it('are posted by each machine for itself, with the token of its customer', () => {
    const device = findDevice(({ gateway, behaviour }) => !gateway && !behaviour.fault);
    const { customer, machine, software } = device.path;
    expect(toRequests([beatOf(device)], credentials)).toEqual([
      {
        path: `/api/ingest/${customer}/${machine}/${software}/heartbeat`,
        token: `token of ${customer}`,
        body: '{"pid":7}',
      },
    ]);
  });

  it('are one batch for all behind a gateway', () => {
    const { gateway, path } = findDevice((device) => device.gateway !== null);
    const behind = DEVICES.filter((device) => device.gateway === gateway);
    const requests = toRequests(
      behind.map((device) => beatOf(device)),
      credentials,
    );
    expect(requests).toMatchObject([{ path: `/api/ingest/${path.customer}/batch` }]);
    const lines = requests[0]?.body.split('\n').map((line) => JSON.parse(line));
    expect(lines).toEqual(
      behind.map(({ path: { machine, software } }) => ({
        ...{ machine, software, kind: 'heartbeat', pid: 7 },
      })),
    );
  });

  it('of the past say how old they are, and come in batches of one customer', () => {
    const messages = DEVICES.slice(0, 100).map((device) => beatOf(device, -90_000));
    const requests = [...toPastRequests(messages, credentials, ({ atMs }) => 500 - atMs)];
    const lines = requests.flatMap(({ body }) => body.split('\n').map((line) => JSON.parse(line)));
    expect(lines).toHaveLength(100);
    expect(new Set(lines.map(({ age_seconds }) => age_seconds))).toEqual(new Set([90.5]));
    expect(new Set(requests.map(({ path }) => path)).size).toBe(requests.length);
  });

  it('go to a customer that is misspelt by one letter', () => {
    const { device, request } = spoil('customer_misspelt');
    const sent = request?.path.split('/')[3] ?? '';
    expect(sent).toHaveLength(device.path.customer.length - 1);
    expect(request?.token).toBe(`token of ${device.path.customer}`);
  });

  it('name a machine with a capital letter', () => {
    expect(spoil('machine_capitalized').request?.path).toMatch(/\/[A-Z]/);
  });

  it('go to an endpoint that does not exist', () => {
    expect(spoil('endpoint_misspelt').request?.path).toMatch(/\/heartbeats$/);
  });

  it('carry a severity in words', () => {
    const { request } = spoil('payload_in_words');
    expect(request?.path).toMatch(/\/diagnostics$/);
    expect(request?.body).toContain('"severity":"critical"');
  });

  it('carry the token of the device where it has one of its own', () => {
    expect(spoil('token_revoked').request?.token).toBe(OWN_TOKEN);
  });
});
