import type { Transaction } from 'kysely';
import type { Change } from '../../db/change.ts';
import type { Database } from '../../db/schema.ts';
import { type DiagnosticTarget, describeOpen } from '../../domain/diagnostics/target.ts';
import { FleetError } from '../../domain/errors.ts';
import type { OperatorRequest, OperatorResult } from '../../ingest/operator/diagnostics.ts';
import type { Path } from '../../ingest/transitions/state.ts';
import { FleetCommand } from '../base-command.ts';
import { parseSoftwarePath } from '../path-argument.ts';
import { parseCode } from './target.ts';

interface Given extends Omit<DiagnosticTarget, 'code'> {
  path: string;
  code: string | undefined;
  note: string | undefined;
}

type Action = (
  trx: Transaction<Database>,
  request: OperatorRequest,
  change: Change,
) => Promise<OperatorResult>;

/** What `diagnostics ack` and `diagnostics close` share. */
export abstract class DiagnosticCommand extends FleetCommand {
  /** Carries out the action on the diagnostic that is meant; throws with what is open where no code says which. */
  protected async act(action: Action, { code, ...given }: Given): Promise<OperatorResult> {
    const path = parseSoftwarePath(given.path);
    if (code === undefined) throw await this.#refuseNoCode(path);
    const request = { ...given, path, code: parseCode(code) };
    return await this.change((trx, change) => action(trx, request, change));
  }

  async #refuseNoCode(path: Path): Promise<FleetError> {
    const { listDiagnostics } = await import('../../db/diagnostics/queries.ts');
    const { requireInstance } = await import('./explain-empty.ts');
    const db = await this.read();
    await requireInstance(db, path);
    const filter = { ...path, includeDeactivated: true, nowMs: this.nowMs };
    const { items } = await listDiagnostics(db, filter);
    const { customer, machine, software } = path;
    const name = `${customer}/${machine}/${software}`;
    return new FleetError(
      'usage',
      `Say which diagnostic of ${name} is meant: ${describeOpen(items, 'open are')}.`,
      { hint: `fleet diagnostics list ${name}` },
    );
  }
}
