import { REASONS } from '../../domain/rejections/reasons.ts';
import { MAX_WARNINGS } from '../../protocol/limits.ts';
import type { BatchAcceptance, LineRefusal, Refusal } from '../outcome.ts';

/** Lines of one batch that the rejection log is told of. */
export const MAX_LOGGED_LINES = 100;

/** What is known of a line beside its refusal; asked for only where the log is told of it. */
export type DescribeLine = () => Pick<LineRefusal, 'machine' | 'software' | 'kind' | 'payload'>;

/** What became of the lines of one batch. An accepted line costs a count and no object. */
export class Ledger {
  #accepted = 0;
  readonly #rejected: BatchAcceptance['rejected'] = [];
  readonly #logged: LineRefusal[] = [];
  readonly #warnings: string[] = [];

  get isNothingAccepted(): boolean {
    return this.#accepted === 0;
  }

  accept(line: number, warnings: readonly string[]): void {
    this.#accepted += 1;
    for (const warning of warnings) {
      if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(`line ${line}: ${warning}`);
    }
  }

  reject(line: number, refusal: Refusal, describe: DescribeLine): void {
    const { reason, detail } = refusal;
    this.#rejected.push({ line, reason, detail });
    if (!REASONS[reason].logged || this.#logged.length >= MAX_LOGGED_LINES) return;
    this.#logged.push({ ...refusal, ...describe(), line });
  }

  close(tokenExpiresAtMs: number | null): BatchAcceptance {
    return {
      ok: true,
      accepted: this.#accepted,
      // Those that can't be read are known before those of the same transaction that are refused.
      rejected: this.#rejected.sort((one, two) => one.line - two.line),
      logged: this.#logged,
      warnings: this.#warnings,
      tokenExpiresAtMs,
    };
  }
}
