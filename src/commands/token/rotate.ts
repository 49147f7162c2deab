import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { durationFlag, expiryFlag } from '../../cli/flags.ts';
import { formatWhen, toInstant } from '../../cli/time.ts';
import { describeExpiry, toCreatedJson } from '../../cli/tokens/present.ts';
import { DAY_MS } from '../../domain/time/duration.ts';

export default class TokenRotate extends FleetCommand {
  static override summary =
    'Create a token in place of another one, which goes on working for a while.';
  static override description =
    'The new token has the customer and the name of the old one. It is shown this once, alone on stdout. "token show" of the old one says which machines still speak with it.';
  static override examples = [
    'TOKEN=$(<%= config.bin %> token rotate Ab3dE6gH)',
    '<%= config.bin %> token rotate Ab3dE6gH --overlap 30d --expires never --json',
  ];
  static override args = {
    id: string({ required: true, description: 'The public id of the token to replace.' }),
  };
  static override flags = {
    overlap: durationFlag({
      description: 'How long the old token goes on working, if it does not expire before.',
      default: 7 * DAY_MS,
      defaultHelp: async () => '7d',
    }),
    expires: expiryFlag({
      description: "When the new token stops working; unless given, after the old one's lifetime.",
    }),
  };

  override async run() {
    const { args, flags } = await this.parse(TokenRotate);
    const { rotateToken } = await import('../../db/tokens/rotation.ts');
    const input = { id: args.id, overlapMs: flags.overlap, expiresAtMs: flags.expires };
    const { created, oldEndsAtMs } = await this.change((trx, change) =>
      rotateToken(trx, input, change),
    );
    const { id, customer, expires_at, token } = created;
    this.note(
      `Token ${id} of ${customer}; ${describeExpiry(expires_at, this.nowMs)}. It is shown only now.`,
    );
    this.note(`${args.id}, which it replaces, ends ${formatWhen(oldEndsAtMs, this.nowMs)}.`);
    this.print(token);
    return {
      ...toCreatedJson(created),
      replaces: args.id,
      replaced_ends_at: toInstant(oldEndsAtMs),
    };
  }
}
