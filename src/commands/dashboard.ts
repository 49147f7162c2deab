import { findActor } from '../cli/actor.ts';
import { HealthCommand } from '../cli/health/command.ts';
import { findTerminal } from '../dashboard/terminal.ts';

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
    const terminal = this.jsonEnabled() ? null : findTerminal();
    if (terminal === null) {
      await this.printHealth(undefined);
      return;
    }
    const { runDashboard } = await import('../dashboard/run.ts');
    const { location } = this;
    await runDashboard({ location, actor: findActor(), ...terminal });
  }
}
