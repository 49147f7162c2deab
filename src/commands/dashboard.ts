import { findActor } from '../cli/actor.ts';
import { isColourful } from '../cli/colour.ts';
import { HealthCommand } from '../cli/health/command.ts';

export default class Dashboard extends HealthCommand {
  static override summary = 'Watch the fleet in the terminal, and manage customers and tokens.';
  static override description =
    'Five screens: the fleet as a traffic-light tree, one instance, open diagnostics, the live rejection log, and customers with their tokens; ? shows all keys. Where there is no terminal, and with --json, it prints what "health" does and ends.';
  static override examples = [
    '<%= config.bin %> dashboard',
    '<%= config.bin %> dashboard | cat',
    '<%= config.bin %> demo',
  ];

  override async run() {
    await this.parse(Dashboard);
    const { stdin, stdout } = process;
    const isTerminal = stdin.isTTY && stdout.isTTY && process.env.TERM !== 'dumb';
    if (!isTerminal || this.jsonEnabled()) {
      await this.printHealth(undefined);
      return;
    }
    const { countInstances } = await import('../db/machines.ts');
    const { runDashboard } = await import('../dashboard/run.ts');
    const instances = await countInstances(await this.read());
    const shown = { location: this.location, instances, actor: findActor() };
    await runDashboard({ ...shown, isColourful: isColourful(stdout), stdin, stdout });
  }
}
