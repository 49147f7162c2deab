import { string } from '@oclif/core/args';
import { FleetCommand } from '../../cli/base-command.ts';
import { toCustomerJson } from '../../cli/customers/present.ts';

export default class CustomerActivate extends FleetCommand {
  static override summary = 'Activate a customer again, with its data and its tokens.';
  static override examples = ['<%= config.bin %> customer activate my-company'];
  static override args = { slug: string({ required: true, description: 'The customer.' }) };

  override async run() {
    const { args } = await this.parse(CustomerActivate);
    const { activateCustomer } = await import('../../db/customers/changes.ts');
    const { customer, activated, inactiveChildren } = await this.change((trx, change) =>
      activateCustomer(trx, args, change),
    );
    if (activated) this.print(`activated ${customer.slug}`);
    else this.note(`${customer.slug} was active already.`);
    if (inactiveChildren.length > 0) {
      this.note(`Still deactivated below it: ${inactiveChildren.join(', ')}.`);
    }
    return toCustomerJson(customer);
  }
}
