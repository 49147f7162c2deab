import { FleetCommand } from '../../cli/base-command.ts';
import { pageFlags } from '../../cli/flags.ts';
import { mapPage, notePage } from '../../cli/paging.ts';
import { rejectionFilterFlags, toFilter } from '../../cli/rejections/filter.ts';
import { noteNotRecorded } from '../../cli/rejections/not-recorded.ts';
import { completeHint, toRejectionJson } from '../../cli/rejections/present.ts';
import { renderRejections } from '../../cli/rejections/table.ts';
import { terminalWidth } from '../../cli/table.ts';
import type { RejectionEntry } from '../../db/rejections/entries.ts';

const USUAL_LIMIT = 100;

export default class RejectionsList extends FleetCommand {
  static override summary = 'List refused requests, the newest first, and what to do about them.';
  static override examples = [
    '<%= config.bin %> rejections list --customer my-company --since 15m',
    '<%= config.bin %> rejections list --reason token_unknown,token_expired --json',
  ];
  static override flags = { ...rejectionFilterFlags, ...pageFlags };

  override async run() {
    const { flags } = await this.parse(RejectionsList);
    const { countRejections, listRejections } = await import('../../db/rejections/queries.ts');
    const db = await this.read();
    const filter = toFilter(flags);
    const { limit = USUAL_LIMIT, cursor } = flags;
    const found = await listRejections(db, filter, { limit, cursor });
    const complete = (command: string) => this.repeatLocation(command);
    const page = mapPage(found, (entry) => completeHint(entry, complete));
    if (page.items.length === 0) this.note('No request was refused that matches.');
    else this.#show(page.items);
    if (page.next_cursor !== null) notePage(page, await countRejections(db, filter));
    await noteNotRecorded(db);
    return mapPage(page, toRejectionJson);
  }

  #show(entries: readonly RejectionEntry[]): void {
    const width = terminalWidth();
    this.print(renderRejections(entries, { nowMs: this.nowMs, width }));
    // The last column, which says what to do, is the first to have no room.
    if (width !== undefined) this.note('All about one of them: fleet rejections show <id>');
  }
}
