import type { Device } from './fleet.ts';
import { type DeviceMessage, tellLife } from './life.ts';
import type { Pace } from './pace.ts';

interface Speaker {
  next: DeviceMessage | undefined;
  rest: Generator<DeviceMessage>;
}

/** What all devices send, in the order of time. */
export class Schedule {
  readonly #speakers: Speaker[];

  constructor(devices: readonly Device[], pace: Pace) {
    this.#speakers = devices.map((device) => {
      const rest = tellLife(device, pace);
      return { next: draw(rest), rest };
    });
  }

  /** Returns what is due before the moment (milliseconds from the start), each message once. */
  takeUntil(atMs: number): DeviceMessage[] {
    const due: DeviceMessage[] = [];
    for (const speaker of this.#speakers) {
      while (speaker.next && speaker.next.atMs < atMs) {
        due.push(speaker.next);
        speaker.next = draw(speaker.rest);
      }
    }
    return due.sort((one, two) => one.atMs - two.atMs);
  }
}

function draw(messages: Generator<DeviceMessage>): DeviceMessage | undefined {
  const { done, value } = messages.next();
  return done ? undefined : value;
}
