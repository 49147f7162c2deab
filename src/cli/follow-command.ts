import { FleetError } from '../domain/errors.ts';
import { FleetCommand } from './base-command.ts';
import type { Log } from './follow.ts';
import { listenForInterrupt } from './interrupt.ts';
import { encodeJson, writeOut } from './output.ts';

interface Rendering<Entry> {
  last: number;
  toJson: (entry: Entry) => unknown;
  renderLine: (entry: Entry) => string;
}

/** What the commands share that go on until they are interrupted. */
export abstract class FollowCommand extends FleetCommand {
  /** Prints what is new in the log, a line each (with --json an object), and throws `interrupted` in the end. */
  protected async follow<Entry>(
    log: Log<Entry>,
    { last, toJson, renderLine }: Rendering<Entry>,
  ): Promise<never> {
    const { follow } = await import('./follow.ts');
    const { signal, stop } = listenForInterrupt();
    const onAway = () => this.note('The database does not answer; trying again.');
    const render = (entry: Entry) =>
      this.jsonEnabled() ? encodeJson(toJson(entry)) : renderLine(entry);
    try {
      for await (const entries of follow(log, { last, signal, onAway })) {
        for (const entry of entries) writeOut(render(entry));
      }
    } finally {
      stop();
    }
    throw new FleetError('interrupted', 'Interrupted.');
  }
}
