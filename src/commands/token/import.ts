import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { readSecret } from '../../cli/read-secret.ts';
import { toTokenJson } from '../../cli/tokens/present.ts';

export default class TokenImport extends FleetCommand {
  static override summary = 'Take over a token of an earlier installation; it is read from stdin.';
  static override description =
    'The devices that use it need not be touched. The token gets a public id, like any other.';
  static override examples = [
    '<%= config.bin %> token import my-company < token-file',
    'pass show old-fleet/token | <%= config.bin %> token import my-company --json',
  ];
  static override args = {
    customer: string({ required: true, description: 'The customer that it speaks for.' }),
  };

  override async run() {
    const { args } = await this.parse(TokenImport);
    const { importToken } = await import('../../db/tokens/import.ts');
    const token = await readSecret('Enter the token (it is not shown):');
    const input = { customer: args.customer, token };
    const imported = await this.change((trx, change) => importToken(trx, input, change));
    const { id } = imported.token;
    if (imported.created) this.print(`imported ${id}`);
    else this.note(`${id}: it was imported already.`);
    return { ...toTokenJson(imported.token), created: imported.created };
  }
}
