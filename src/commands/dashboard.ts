import { findActor } from '../cli/actor.ts';
import { FleetCommand } from '../cli/base-command.ts';
import { isColourful } from '../cli/colour.ts';

export default class Dashboard extends FleetCommand {
  static override summary = 'Watch the fleet in the terminal, and manage customers and tokens.';
  static override description =
    'Five screens: the fleet as a traffic-light tree, an instance, open diagnostics, the live rejection log, customers with their tokens. ? shows all keys. Without a terminal it prints the health of the fleet and ends.';
  static override examples = ['<%= config.bin %> dashboard'];

  override async run() {
    await this.parse(Dashboard);
    const { countInstances } = await import('../db/machines.ts');
    const { runDashboard } = await import('../dashboard/run.ts');
    const instances = await countInstances(await this.read());
    const { stdin, stdout } = process;
    await runDashboard({
      location: this.location,
      actor: findActor(),
      instances,
      isColourful: isColourful(stdout),
      stdin,
      stdout,
    });
    return {};
  }
}
