import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import { customerFlags, readSettings } from '../../cli/customers/flags.ts';
import { renderCustomer, toCustomerJson } from '../../cli/customers/present.ts';

export default class CustomerCreate extends FleetCommand {
  static override summary = 'Create a customer.';
  static override examples = [
    '<%= config.bin %> customer create my-company --name "My Company"',
    '<%= config.bin %> customer create my-plant --parent my-company --overdue-after 10m',
    '<%= config.bin %> customer create my-company --if-not-exists --json',
  ];
  static override args = {
    slug: string({
      required: true,
      description: 'Names the customer in URLs and commands; cannot be changed.',
    }),
  };
  static override flags = {
    ...customerFlags,
    'if-not-exists': boolean({ description: 'Succeed where the same customer exists already.' }),
  };

  override async run() {
    const { args, flags } = await this.parse(CustomerCreate);
    const { createCustomer } = await import('../../db/customers/changes.ts');
    const ifNotExists = flags['if-not-exists'];
    const input = { slug: args.slug, ifNotExists, ...readSettings(flags) };
    const { customer, created } = await this.change((trx, change) =>
      createCustomer(trx, input, change),
    );
    this.print(renderCustomer(customer, [], this.nowMs));
    if (!created) this.note('It existed already; nothing was changed.');
    return { ...toCustomerJson(customer), created };
  }
}
