/** What completion needs of oclif's configuration, which comes from the manifest. */
export interface Program {
  commands: readonly ProgramCommand[];
  topics: readonly { name: string; description?: string | undefined; hidden?: boolean }[];
}

export interface ProgramCommand {
  id: string;
  aliases?: readonly string[];
  hidden?: boolean | undefined;
  summary?: string | undefined;
  args: Readonly<Record<string, ProgramArgument>>;
  flags: Readonly<Record<string, ProgramFlag>>;
}

export interface ProgramArgument {
  options?: readonly string[];
  hidden?: boolean;
}

export interface ProgramFlag {
  type: 'boolean' | 'option';
  char?: string;
  summary?: string;
  description?: string;
  options?: readonly string[];
  hidden?: boolean;
  multiple?: boolean;
  allowNo?: boolean;
}

/** Returns the words of every way to call the commands that are not hidden. */
export function listCommandNames({ commands }: Program) {
  return commands
    .filter(({ hidden }) => !hidden)
    .flatMap((command) =>
      [command.id, ...(command.aliases ?? [])].map((id) => ({ words: id.split(':'), command })),
    );
}
