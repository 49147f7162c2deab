import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { HealthCommand } from '../cli/health/command.ts';
import { parsePath } from '../cli/path-argument.ts';

export default class Health extends HealthCommand {
  static override aliases = ['status'];
  static override summary = 'Show the traffic lights of the fleet, the worst first, and why.';
  static override description =
    'A machine shows the light of its worst software, a customer that of its worst machine. Shown is what is not green, of each customer up to ten machines, and how many there are besides; --all and --json show everything.';
  static override examples = [
    '<%= config.bin %> health',
    '<%= config.bin %> health my-company --all',
    '<%= config.bin %> health my-company/pc-1/gateway --exit-code',
  ];
  static override args = {
    path: string({
      description:
        'Only this customer, or of it a machine, or software: customer/machine/software.',
    }),
  };
  static override flags = {
    all: boolean({ description: 'Also what is green, and all of it.' }),
    'exit-code': boolean({ description: 'Exit with 10 if anything is red.' }),
  };

  override async run() {
    const { args, flags } = await this.parse(Health);
    const path = args.path === undefined ? undefined : parsePath(args.path, { least: 1, most: 3 });
    const { light } = await this.printHealth(path, { isAll: flags.all });
    if (flags['exit-code'] && light === 'red') this.exitWith(10);
  }
}
