import { Command } from '@oclif/core/command';

/** `fleet help customer create`, for those who do not write --help. */
export default class HelpCommand extends Command {
  static override summary = 'Show the help of a command.';
  static override examples = [
    '<%= config.bin %> help customer create',
    '<%= config.bin %> help exit-codes',
  ];
  static override strict = false;

  override async run() {
    const { FleetHelp } = await import('../../cli/help.ts');
    const help = new FleetHelp(this.config, this.config.pjson.oclif.helpOptions);
    await help.showHelp(this.argv);
  }
}
