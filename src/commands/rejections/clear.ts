import { FleetCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { yesFlag } from '../../cli/flags.ts';
import { rejectionFilterFlags, toFilter } from '../../cli/rejections/filter.ts';
import { countNoun } from '../../domain/text/count.ts';

export default class RejectionsClear extends FleetCommand {
  static override summary = 'Delete rejections that are understood: all, or those that match.';
  static override examples = [
    '<%= config.bin %> rejections clear --customer my-company --yes',
    '<%= config.bin %> rejections clear --reason unknown_endpoint',
  ];
  static override flags = { ...rejectionFilterFlags, yes: yesFlag };

  override async run() {
    const { flags } = await this.parse(RejectionsClear);
    const { countRejections } = await import('../../db/rejections/queries.ts');
    const { clearRejections } = await import('../../db/rejections/clear.ts');
    const filter = toFilter(flags);
    const count = await countRejections(await this.write(), filter);
    if (count > 0)
      await confirm(`Delete ${countNoun(count, 'rejection')}?`, { ...flags, isFinal: true });
    const cleared = await this.change((trx, change) => clearRejections(trx, filter, change));
    this.note(`Cleared ${countNoun(cleared, 'rejection')}.`);
    return { cleared };
  }
}
