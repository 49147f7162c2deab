import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import { durationFlag, pageFlags } from '../../cli/flags.ts';
import { mapPage, notePage } from '../../cli/paging.ts';
import { terminalWidth } from '../../cli/table.ts';
import { renderTokens, toTokenJson } from '../../cli/tokens/present.ts';
import type { Customer } from '../../db/schema.ts';

export default class TokenList extends FleetCommand {
  static override summary = 'List tokens that work; never the tokens themselves.';
  static override examples = [
    '<%= config.bin %> token list my-company',
    '<%= config.bin %> token list --expiring 30d',
    '<%= config.bin %> token list --all --json',
  ];
  static override args = { customer: string({ description: 'Only of this customer.' }) };
  static override flags = {
    all: boolean({
      description: 'Also those that are revoked or expired, and those of deactivated customers.',
    }),
    expiring: durationFlag({ description: 'Only those that expire within this time.' }),
    ...pageFlags,
  };

  override async run() {
    const { args, flags } = await this.parse(TokenList);
    const { listCountedTokens } = await import('../../db/tokens/machines.ts');
    const { getCustomer } = await import('../../db/customers/customers.ts');
    const { nowMs } = this;
    const db = await this.read();
    const customer = args.customer === undefined ? null : await getCustomer(db, args.customer);
    const { all, expiring } = flags;
    const expiringBefore = expiring === undefined ? undefined : nowMs + expiring;
    const filter = { customer: args.customer, includeEnded: all, expiringBefore, nowMs };
    const page = await listCountedTokens(db, filter, flags);
    if (page.items.length > 0)
      this.print(renderTokens(page.items, { nowMs, width: terminalWidth() }));
    else this.note(describeNone(customer));
    notePage(page);
    return mapPage(page, (token) => ({
      ...toTokenJson(token),
      machine_count: token.machine_count,
    }));
  }
}

function describeNone(customer: Pick<Customer, 'slug' | 'deactivated_at'> | null): string {
  if (customer === null) return 'No such token.';
  const { slug, deactivated_at } = customer;
  return deactivated_at === null
    ? `No such token.\nTry: fleet token create ${slug}`
    : `The customer ${slug} is deactivated: --all shows its tokens.`;
}
