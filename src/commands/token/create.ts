import { string } from '@oclif/core/args';
import { string as stringFlag } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import { expiryFlag } from '../../cli/flags.ts';
import { describeExpiry, toCreatedJson } from '../../cli/tokens/present.ts';

export default class TokenCreate extends FleetCommand {
  static override summary =
    'Create a token for a customer. It is shown this once, alone on stdout.';
  static override examples = [
    'TOKEN=$(<%= config.bin %> token create my-company)',
    '<%= config.bin %> token create my-company --name "line 3" --expires 90d',
    '<%= config.bin %> token create my-company --expires 2027-01-31 --json',
  ];
  static override args = {
    customer: string({ required: true, description: 'The customer that it speaks for.' }),
  };
  static override flags = {
    name: stringFlag({ description: 'What it is for.', helpValue: '<text>' }),
    expires: expiryFlag({
      description: 'When it stops working: 90d, 2027-01-31 (through that day, UTC) or never.',
      default: null as unknown as number,
      defaultHelp: async () => 'never',
    }),
  };

  override async run() {
    const { args, flags } = await this.parse(TokenCreate);
    const { createToken } = await import('../../db/tokens/tokens.ts');
    const expiresAtMs = flags.expires ?? null;
    const input = { customer: args.customer, name: flags.name ?? null, expiresAtMs };
    const created = await this.change((trx, change) => createToken(trx, input, change));
    const { id, token, customer } = created;
    const expiry = describeExpiry(expiresAtMs, this.nowMs);
    this.note(`Token ${id} of ${customer}; ${expiry}. It is shown only now.`);
    this.print(token);
    return toCreatedJson(created);
  }
}
