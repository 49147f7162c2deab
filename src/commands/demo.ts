import { boolean } from '@oclif/core/flags';
import { findActor } from '../cli/actor.ts';
import { FleetCommand } from '../cli/base-command.ts';
import { countFlag } from '../cli/flags.ts';
import { listenForInterrupt } from '../cli/interrupt.ts';
import type { Terminal } from '../dashboard/terminal.ts';
import { describeLocation } from '../db/connection/location.ts';
import type { Demo as RunningDemo } from '../demo/demo.ts';
import { MACHINES } from '../demo/pace.ts';
import { CUSTOMERS } from '../demo/scenario/customers.ts';
import { renderFarewell, renderGreeting } from '../demo/words.ts';
import { FleetError } from '../domain/errors.ts';

export default class Demo extends FleetCommand {
  static override summary =
    'Look at a simulated fleet: a server, devices and the dashboard at once.';
  static override description =
    'Machines of three customers report to a real server on this machine: healthy, failing, silent, restarting, and some that are refused. Its database is a temporary one and goes in the end; your own is not touched. Without a terminal, and with --json, there is no dashboard.';
  static override examples = [
    '<%= config.bin %> demo',
    '<%= config.bin %> demo --machines 1000',
    '<%= config.bin %> demo --no-dashboard',
  ];
  static override flags = {
    machines: countFlag({
      min: MACHINES.least,
      max: MACHINES.most,
      default: MACHINES.usual,
      description: 'How many machines there are.',
    }),
    'no-dashboard': boolean({
      description: 'Say where it runs, to look at it with the other commands, until interrupted.',
    }),
  };

  override async run(): Promise<void> {
    const { flags, raw } = await this.parse(Demo);
    if (raw.some((each) => each.type === 'flag' && each.flag === 'database'))
      throw refuseDatabase();
    const { startDemo } = await import('../demo/demo.ts');
    const interrupt = listenForInterrupt();
    const { machines } = flags;
    this.note(`Starting a server and ${machines} machines with some days of history …`);
    const options = { machines, actor: findActor(), clock: Date.now, signal: interrupt.signal };
    const demo = await startDemo(options);
    try {
      const { findTerminal } = await import('../dashboard/terminal.ts');
      const isHidden = flags['no-dashboard'] || this.jsonEnabled();
      const terminal = isHidden ? null : findTerminal();
      if (terminal) await showDashboard(demo, terminal);
      else await this.#announce(demo, machines, interrupt.signal);
    } finally {
      await demo.stop();
      interrupt.stop();
    }
    this.note(renderFarewell());
  }

  async #announce(demo: RunningDemo, machines: number, signal: AbortSignal): Promise<void> {
    const { url, logFile: log } = demo;
    const customers = CUSTOMERS.map(({ slug }) => slug);
    const database = describeLocation(demo.location);
    if (this.jsonEnabled()) this.logJson({ url, database, log, customers, machines });
    else this.print(renderGreeting(demo));
    await waitFor(signal);
  }
}

async function showDashboard({ location }: RunningDemo, terminal: Terminal): Promise<void> {
  const { runDashboard } = await import('../dashboard/run.ts');
  await runDashboard({ location, actor: findActor(), ...terminal });
}

async function waitFor(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

function refuseDatabase(): FleetError {
  return new FleetError('usage', 'The demo has a database of its own, which goes in the end.', {
    hint: 'fleet dashboard, which shows a database that is there',
  });
}
