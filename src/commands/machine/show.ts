import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { toMachineShownJson } from '../../cli/history/present.ts';
import { parseMachinePath } from '../../cli/path-argument.ts';
import { renderMachine } from '../../cli/software/pages.ts';
import { terminalWidth } from '../../cli/table.ts';

export default class MachineShow extends FleetCommand {
  static override summary = 'Show a machine and the software on it, and when that was up.';
  static override examples = ['<%= config.bin %> machine show my-company/pc-1'];
  static override args = {
    machine: string({ required: true, description: 'As customer/machine.' }),
  };

  override async run() {
    const { args } = await this.parse(MachineShow);
    const { readMachineUptime } = await import('../../db/history/uptime.ts');
    const { getMachine } = await import('../../db/machines.ts');
    const { listSoftware } = await import('../../db/software.ts');
    const { explainMissingPath } = await import('../../db/paths.ts');
    const path = parseMachinePath(args.machine);
    const db = await this.read();
    const { nowMs } = this;
    const machine = await getMachine(db, path, nowMs);
    if (!machine) throw await explainMissingPath(db, path);
    const software = await listSoftware(db, { ...path, includeDeactivated: true, nowMs });
    const uptimes = await readMachineUptime(db, path, { nowMs });
    const shown = { machine, software: software.items, uptimes };
    this.print(renderMachine(shown, { nowMs, width: terminalWidth() }));
    return toMachineShownJson(shown);
  }
}
