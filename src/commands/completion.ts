import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { string } from '@oclif/core/args';
import { FleetCommand } from '../cli/base-command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export default class Completion extends FleetCommand {
  static override summary = 'Print the completion script of a shell.';
  static override description =
    'Completes commands, flags and what is in the database: customers, machines, software, ids of tokens and rejections. Put the line for your shell into its start-up file.';
  static override examples = [
    {
      description: 'bash, in ~/.bashrc:',
      command: 'source <(<%= config.bin %> completion bash)',
    },
    {
      description: 'zsh, in ~/.zshrc after compinit:',
      command: 'source <(<%= config.bin %> completion zsh)',
    },
    {
      description: 'fish, in ~/.config/fish/config.fish:',
      command: '<%= config.bin %> completion fish | source',
    },
  ];
  static override args = {
    shell: string({ required: true, options: SHELLS, description: 'For which shell.' }),
  };

  override async run() {
    const { args } = await this.parse(Completion);
    const { shell } = args;
    const script = await readFile(join(this.config.root, 'completions', `fleet.${shell}`), 'utf8');
    this.print(script.trimEnd());
    return { shell, script };
  }
}
