import { Command } from '@oclif/core/command';
import { writeOut } from '../cli/output.ts';

/** What the completion scripts of the shells call for every Tab: quick, silent, and always 0. */
export default class Complete extends Command {
  static override hidden = true;
  static override summary = 'Print what a command line can go on with; for the completion scripts.';
  static override examples = ['<%= config.bin %> complete -- fleet customer show my-'];
  static override strict = false;

  override async run(): Promise<never> {
    const { completeLine } = await import('../cli/completion/complete-line.ts');
    const words = this.argv.slice(this.argv[0] === '--' ? 1 : 0);
    // Whatever is wrong, the line that is being typed is no place to say it.
    const lines = await completeLine(words, this.config).catch(() => []);
    if (lines.length > 0) writeOut(lines.join('\n'));
    // A server that does not answer would hold the process, and with it the shell.
    this.exit(0);
  }
}
