import { string } from '@oclif/core/args';
import { ForgetCommand } from '../../cli/forget/command.ts';
import { forgetFlags } from '../../cli/forget/scope.ts';
import type { MachineForgottenJson } from '../../cli/schemas/forget.ts';
import { toInstant } from '../../cli/time.ts';

export default class MachineForget extends ForgetCommand {
  static override summary = 'Forget machines: their software, state, settings and history go.';
  static override description =
    'It is no ban: the next message of a machine registers it anew, with nothing of what was before. Rejections and the audit trail stay. With --not-seen-for all machines of the customer (or of all active customers) go of which no software was seen for so long; time in which no server listened does not count, and what comes back meanwhile stays.';
  static override examples = [
    '<%= config.bin %> machine forget my-company/pc-1',
    '<%= config.bin %> machine forget --not-seen-for 90d my-company --dry-run',
    '<%= config.bin %> machine forget --not-seen-for 90d --yes',
  ];
  static override args = {
    path: string({ description: 'As customer/machine; in bulk a customer, or nothing for all.' }),
  };
  static override flags = forgetFlags;

  override async run() {
    const { args, flags } = await this.parse(MachineForget);
    const result = await this.forget('machine', args.path, flags);
    const json: MachineForgottenJson = {
      forgotten: result.machines.map(({ customer, machine, instances }) => ({
        ...{ customer, machine },
        software_count: instances,
      })),
      not_seen_since: toInstant(result.unseenSinceMs ?? null),
      dry_run: result.isDryRun,
    };
    return this.finish(result, json);
  }
}
