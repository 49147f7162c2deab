/** Messages as the requests that carry them: as devices would send them, with what is wrong with some. */
import { type Credentials, findFault } from './credentials.ts';
import type { DevicePath } from './fleet.ts';
import type { DeviceMessage } from './life.ts';

export interface DeviceRequest {
  /** Of the URL. */
  path: string;
  /** The bearer; null for none. */
  token: string | null;
  body: string;
}

/** Returns a request for each message; those of a gateway that are due together are one batch. */
export function toRequests(
  messages: readonly DeviceMessage[],
  credentials: Credentials,
): DeviceRequest[] {
  const { direct = [], forwarded = [] } = Object.groupBy(messages, ({ device }) =>
    device.gateway === null ? 'direct' : 'forwarded',
  );
  const nameGateway = ({ device }: DeviceMessage) => `${device.path.customer}/${device.gateway}`;
  const batches = Map.groupBy(forwarded, nameGateway).values();
  return [
    ...direct.map((message) => toRequest(message, credentials)),
    ...[...batches].flatMap((batch) => [...toBatches(batch, credentials, toLine)]),
  ];
}

const PART_LINES = 2_500;

/**
 * Yields batches with the messages of the past, which say how old they are; each customer's in order.
 * One is made when it is asked for, so that the age is that of the moment.
 */
export function* toPastRequests(
  messages: readonly DeviceMessage[],
  credentials: Credentials,
  ageMsOf: (message: DeviceMessage) => number,
): Generator<DeviceRequest> {
  const toAgedLine = (message: DeviceMessage) => ({
    ...toLine(message),
    age_seconds: ageMsOf(message) / 1000,
  });
  const byCustomer = Map.groupBy(messages, ({ device }) => device.path.customer).values();
  for (const own of byCustomer) yield* toBatches(own, credentials, toAgedLine);
}

function toRequest({ device, kind, payload }: DeviceMessage, credentials: Credentials) {
  const fault = findFault(device) ?? {};
  const { customer, machine, software } = device.path;
  const path = joinPath({
    customer: fault.customer?.(customer) ?? customer,
    machine: fault.machine?.(machine) ?? machine,
    software,
  });
  const own = credentials.ofDevice.get(device);
  return {
    path: `${path}/${fault.endpoint ?? kind}`,
    token: own === undefined ? findToken(customer, credentials) : own,
    body: JSON.stringify(fault.payload ?? payload),
  };
}

function* toBatches(
  messages: readonly DeviceMessage[],
  credentials: Credentials,
  write: (message: DeviceMessage) => object,
): Generator<DeviceRequest> {
  const customer = messages[0]?.device.path.customer ?? '';
  for (let start = 0; start < messages.length; start += PART_LINES) {
    const part = messages.slice(start, start + PART_LINES);
    yield {
      path: `/api/ingest/${customer}/batch`,
      token: findToken(customer, credentials),
      body: part.map((message) => JSON.stringify(write(message))).join('\n'),
    };
  }
}

function toLine({ device, kind, payload }: DeviceMessage) {
  const { machine, software } = device.path;
  return { machine, software, kind, ...payload };
}

function joinPath({ customer, machine, software }: DevicePath): string {
  return `/api/ingest/${customer}/${machine}/${software}`;
}

function findToken(customer: string, { ofCustomer }: Credentials): string | null {
  return ofCustomer.get(customer) ?? null;
}
