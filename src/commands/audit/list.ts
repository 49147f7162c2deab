import { string } from '@oclif/core/flags';
import { FleetCommand } from '../../cli/base-command.ts';
import { pageFlags, sinceFlag } from '../../cli/flags.ts';
import { mapPage, notePage } from '../../cli/paging.ts';
import type { AuditJson } from '../../cli/schemas/audit.ts';
import { type Column, renderTable, terminalWidth } from '../../cli/table.ts';
import { formatWhen, toInstant } from '../../cli/time.ts';
import type { AuditEntry } from '../../db/schema.ts';

const DEFAULT_LIMIT = 100;

export default class AuditList extends FleetCommand {
  static override summary = 'List who changed what, newest first.';
  static override examples = [
    '<%= config.bin %> audit list --customer my-company --since 7d',
    '<%= config.bin %> audit list --json',
  ];
  static override flags = {
    customer: string({ description: 'Only changes of this customer.', helpValue: '<slug>' }),
    since: sinceFlag({ description: 'Only changes since then.' }),
    ...pageFlags,
  };

  override async run() {
    const { flags } = await this.parse(AuditList);
    const { countAudit, listAudit } = await import('../../db/audit.ts');
    const { customer, since, cursor, limit = DEFAULT_LIMIT } = flags;
    const db = await this.read();
    if (customer !== undefined) {
      const { getCustomer } = await import('../../db/customers/customers.ts');
      await getCustomer(db, customer);
    }
    const page = await listAudit(db, { customer, since }, { limit, cursor });
    if (page.items.length > 0) this.print(renderEntries(page.items, this.nowMs));
    else this.note('Nothing matches.');
    if (page.next_cursor !== null) notePage(page, await countAudit(db, { customer, since }));
    return mapPage(page, toAuditJson);
  }
}

function toAuditJson({ id, at, actor, action, customer, subject, detail }: AuditEntry): AuditJson {
  return {
    ...{ id, actor, action },
    at: toInstant(at) as string,
    customer: customer || null,
    subject: subject || null,
    detail: detail === null ? null : JSON.parse(detail),
  };
}

function renderEntries(entries: readonly AuditEntry[], nowMs: number): string {
  const columns: Column<AuditEntry>[] = [
    { header: 'WHEN', value: ({ at }) => formatWhen(at, nowMs) },
    { header: 'WHO', value: ({ actor }) => actor },
    { header: 'ACTION', value: ({ action }) => action },
    { header: 'CUSTOMER', value: ({ customer }) => customer },
    { header: 'SUBJECT', value: ({ subject }) => subject },
    { header: 'DETAIL', value: ({ detail }) => detail },
  ];
  return renderTable(columns, entries, { width: terminalWidth() });
}
