/** What a device has to say at a moment of its life. */
import type { MessageKind } from '../protocol/messages.ts';
import type { Device } from './fleet.ts';
import type { Random } from './random.ts';
import type { Phase } from './scenario/behaviours.ts';
import type { Trouble } from './scenario/trades.ts';

type Payload = Record<string, unknown>;

const DAY_MS = 86_400_000;
const STOPPED = 'Stopped for planned maintenance';
const COMMISSIONING = 'Waiting for the acceptance test';
const SEVERITIES = { error: 2, warning: 1 } as const;

/** A device while its life goes on: its process, its version, and which diagnostics it left open. */
export class Voice {
  readonly #device: Device;
  readonly #random: Random;
  #startedAtMs: number;
  #pid: number;
  #patch: number;
  #open: NonNullable<Phase['reports']> = [];

  constructor(device: Device, random: Random, bornAtMs: number) {
    this.#device = device;
    this.#random = random;
    this.#patch = random.whole(0, 6);
    this.#startedAtMs = bornAtMs - random.between(0, 20 * DAY_MS);
    this.#pid = random.whole(400, 32_000);
  }

  /** Takes up a phase that begins at the moment. */
  enter({ begins }: Phase, atMs: number): void {
    if (begins === undefined) return;
    if (begins === 'upgrade') this.#patch += 1;
    this.#startedAtMs = atMs - this.#random.between(3_000, 12_000);
    this.#pid = this.#random.whole(400, 32_000);
  }

  /** Returns the payload of a message, or null where there is nothing to say. */
  say(kind: MessageKind, phase: Phase, atMs: number): Payload | null {
    if (kind === 'heartbeat') return this.#beat(atMs);
    return kind === 'status' ? this.#describe(phase) : this.#report(phase);
  }

  #beat(atMs: number): Payload {
    const { version, ips, hostname, os } = this.#device;
    const uptime_seconds = Math.round((atMs - this.#startedAtMs) / 1000);
    return {
      version: `${version}.${this.#patch}`,
      uptime_seconds,
      pid: this.#pid,
      ...{ ips, hostname, os },
    };
  }

  #describe({ says = 'running' }: Phase): Payload {
    const { trade, error, warning } = this.#device;
    const messages = {
      running: this.#random.pick(trade.running),
      degraded: warning.status,
      error: error.status,
      stopped: STOPPED,
      commissioning: COMMISSIONING,
    };
    return { status: says, message: messages[says], snapshot: this.#measure() };
  }

  #measure(): Payload {
    const gauges = Object.entries(this.#device.trade.gauges).map(([name, [least, most]]) => [
      name,
      Number(this.#random.between(least, most).toFixed(1)),
    ]);
    return {
      cpu_percent: this.#random.whole(8, 64),
      memory_mb: this.#random.whole(420, 1_900),
      ...Object.fromEntries(gauges),
    };
  }

  /** What is open, and once more what no longer is, with severity 0. */
  #report({ reports = [] }: Phase): Payload | null {
    const closed = this.#open.filter((each) => !reports.includes(each));
    this.#open = reports;
    const diagnostics = [
      ...reports.map((name) => toItem(this.#device[name], SEVERITIES[name])),
      ...closed.map((name) => toItem(this.#device[name], 0)),
    ];
    return diagnostics.length === 0 ? null : { diagnostics };
  }
}

function toItem({ code, module, message, context }: Trouble, severity: number): Payload {
  if (severity === 0) return { code, module, severity, message: 'OK' };
  return { code, module, severity, message, ...(context && { context }) };
}
