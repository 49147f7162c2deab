import { CommandHelp, Help, standardizeIDFromArgv } from '@oclif/core/help';
import { markReported, printFailure } from './failure.ts';
import { describeUnknownCommand } from './unknown-command.ts';

const FIRST_SECTIONS = ['USAGE', 'EXAMPLES'];

/** Most readers of a help page look for the line to copy. */
class ExamplesFirst extends CommandHelp {
  protected override sections() {
    const sections = super.sections();
    const isFirst = ({ header }: { header: string }) => FIRST_SECTIONS.includes(header);
    return [...sections.filter(isFirst), ...sections.filter((section) => !isFirst(section))];
  }
}

/** oclif's help, with examples before flags, and suggestions for what does not exist. */
export class FleetHelp extends Help {
  protected override CommandHelpClass = ExamplesFirst;

  override async showHelp(argv: string[]): Promise<void> {
    const words = argv.filter((word) => !word.startsWith('-') && word !== 'help');
    this.#requireCommand(words, argv);
    await super.showHelp(argv);
  }

  #requireCommand(words: string[], argv: string[]): void {
    if (words.length === 0) return;
    const [id = ''] = standardizeIDFromArgv([...words], this.config);
    if (this.config.findCommand(id) || this.config.findTopic(id)) return;
    const failure = describeUnknownCommand(words, this.config);
    printFailure(failure, { json: argv.includes('--json'), debug: argv.includes('--debug') });
    throw markReported(failure);
  }
}
