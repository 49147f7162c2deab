import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import { customerFlags, readSettings } from '../../cli/customers/flags.ts';
import { renderCustomer, toCustomerJson } from '../../cli/customers/present.ts';
import { FleetError } from '../../domain/errors.ts';

export default class CustomerUpdate extends FleetCommand {
  static override summary = 'Change settings of a customer; what is not given stays.';
  static override examples = [
    '<%= config.bin %> customer update my-company --email ops@example.com',
    '<%= config.bin %> customer update my-plant --no-parent --overdue-after default',
  ];
  static override args = { slug: string({ required: true, description: 'The customer.' }) };
  static override flags = {
    ...customerFlags,
    'no-parent': boolean({ description: 'It belongs to no other customer any more.' }),
  };

  override async run() {
    const { args, flags } = await this.parse(CustomerUpdate);
    const { updateCustomer } = await import('../../db/customers/changes.ts');
    const isOrphan = flags['no-parent'];
    if (isOrphan && flags.parent !== undefined) {
      throw new FleetError('usage', '--parent and --no-parent exclude each other.');
    }
    const settings = { ...readSettings(flags), ...(isOrphan && { parent: null }) };
    if (Object.values(settings).every((value) => value === undefined)) {
      throw new FleetError('usage', 'Nothing to change was given.', {
        hint: 'fleet customer update --help',
      });
    }
    const customer = await this.change((trx, change) =>
      updateCustomer(trx, { slug: args.slug, ...settings }, change),
    );
    this.print(renderCustomer(customer, [], this.nowMs));
    return toCustomerJson(customer);
  }
}
