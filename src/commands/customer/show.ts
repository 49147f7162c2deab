import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { renderCustomer, toCustomerJson } from '../../cli/customers/present.ts';

export default class CustomerShow extends FleetCommand {
  static override summary = 'Show a customer and what hangs on it.';
  static override examples = ['<%= config.bin %> customer show my-company'];
  static override args = { slug: string({ required: true, description: 'The customer.' }) };

  override async run() {
    const { args } = await this.parse(CustomerShow);
    const { countOf, getCustomer } = await import('../../db/customers/customers.ts');
    const db = await this.read();
    const customer = await getCustomer(db, args.slug);
    const counts = await countOf(db, { slug: args.slug, nowMs: this.nowMs });
    const more = [
      ['machines', counts.machines],
      ['active tokens', counts.active_tokens],
      ['children', counts.children.join(', ')],
    ] as const;
    this.print(renderCustomer(customer, more, this.nowMs));
    return { ...toCustomerJson(customer), ...counts };
  }
}
