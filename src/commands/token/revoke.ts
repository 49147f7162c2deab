import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { yesFlag } from '../../cli/flags.ts';
import { toTokenJson } from '../../cli/tokens/present.ts';

export default class TokenRevoke extends FleetCommand {
  static override summary = 'Revoke a token, at once and for ever.';
  static override description =
    'When the command has returned, no request that starts with this token is accepted, by whichever server.';
  static override examples = ['<%= config.bin %> token revoke Ab3dE6gH --yes'];
  static override args = { id: string({ required: true, description: 'The public id.' }) };
  static override flags = { yes: yesFlag };

  override async run() {
    const { args, flags } = await this.parse(TokenRevoke);
    const { getToken, revokeToken } = await import('../../db/tokens/tokens.ts');
    const { customer } = await getToken(await this.write(), args.id);
    await confirm(`Revoke the token ${args.id} of ${customer}?`, flags);
    const { token, revoked } = await this.change((trx, change) =>
      revokeToken(trx, args.id, change),
    );
    if (revoked) this.print(`revoked ${token.id}`);
    else this.note(`${token.id} was revoked already.`);
    return { ...toTokenJson(token), revoked };
  }
}
