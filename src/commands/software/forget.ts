import { string } from '@oclif/core/args';
import { ForgetCommand } from '../../cli/forget/command.ts';
import { forgetFlags } from '../../cli/forget/scope.ts';
import type { SoftwareForgottenJson } from '../../cli/schemas/forget.ts';
import { toInstant } from '../../cli/time.ts';

export default class SoftwareForget extends ForgetCommand {
  static override summary = 'Forget software instances: their state, settings and history go.';
  static override description =
    'It is no ban: the next message of an instance registers it anew. A machine whose last software is forgotten goes with it, as a machine is nothing but what runs on it. Rejections and the audit trail stay. With --not-seen-for all instances below the path go that were not seen for so long; time in which no server listened does not count, and what comes back meanwhile stays.';
  static override examples = [
    '<%= config.bin %> software forget my-company/pc-1/gateway',
    '<%= config.bin %> software forget --not-seen-for 30d my-company/pc-1 --dry-run',
    '<%= config.bin %> software forget --not-seen-for 90d my-company --yes',
  ];
  static override args = {
    path: string({
      description:
        'As customer/machine/software; in bulk a customer, a customer/machine, or nothing for all.',
    }),
  };
  static override flags = forgetFlags;

  override async run() {
    const { args, flags } = await this.parse(SoftwareForget);
    const result = await this.forget('software', args.path, flags);
    const json: SoftwareForgottenJson = {
      forgotten: result.software,
      machines: result.machines.map(({ customer, machine }) => ({ customer, machine })),
      not_seen_since: toInstant(result.unseenSinceMs ?? null),
      dry_run: result.isDryRun,
    };
    return this.finish(result, json);
  }
}
