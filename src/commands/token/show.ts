import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { renderToken, toTokenJson } from '../../cli/tokens/present.ts';

const SHOWN_MACHINES = 20;

export default class TokenShow extends FleetCommand {
  static override summary = 'Show a token by its public id, and which machines speak with it.';
  static override examples = ['<%= config.bin %> token show Ab3dE6gH'];
  static override args = { id: string({ required: true, description: 'The public id.' }) };

  override async run() {
    const { args } = await this.parse(TokenShow);
    const { getToken } = await import('../../db/tokens/tokens.ts');
    const { listMachinesOfToken } = await import('../../db/tokens/machines.ts');
    const db = await this.read();
    const token = await getToken(db, args.id);
    const machines = await listMachinesOfToken(db, token);
    const more = machines.length - SHOWN_MACHINES;
    const shown = machines.slice(0, SHOWN_MACHINES).join(', ');
    const text = more > 0 ? `${shown} and ${more} more` : shown;
    this.print(renderToken(token, [['machines', text]], this.nowMs));
    return { ...toTokenJson(token), machines, replaces: token.replaces };
  }
}
