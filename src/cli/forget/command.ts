import type { Kysely } from 'kysely';
import type { ForgetRequest, Forgotten } from '../../db/forget/forget.ts';
import type { ForgetLevel } from '../../db/forget/targets.ts';
import type { Database } from '../../db/schema.ts';
import { FleetError } from '../../domain/errors.ts';
import { countNoun } from '../../domain/text/count.ts';
import { findActor } from '../actor.ts';
import { FleetCommand } from '../base-command.ts';
import { confirm } from '../confirm.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { formatWhen } from '../time.ts';
import { askToForget, foresee, renderForgotten } from './present.ts';
import { type ForgetScope, parseForgetScope } from './scope.ts';

export interface ForgetResult extends Forgotten {
  unseenSinceMs: number | undefined;
  isDryRun: boolean;
  /** Whether Ctrl-C left something over. */
  isInterrupted: boolean;
}

interface ForgetFlagValues {
  'not-seen-for'?: number | undefined;
  'dry-run': boolean;
  yes: boolean;
}

/** What `machine forget` and `software forget` share. */
export abstract class ForgetCommand extends FleetCommand {
  /** Forgets what is asked for, or with `--dry-run` only says what that would be. */
  protected async forget(
    level: ForgetLevel,
    text: string | undefined,
    flags: ForgetFlagValues,
  ): Promise<ForgetResult> {
    const isDryRun = flags['dry-run'];
    const scope = parseForgetScope(level, text, flags['not-seen-for']);
    const db = isDryRun ? await this.read() : await this.write();
    const request = await this.#findTargets(db, level, scope);
    const { targets, unseenSinceMs } = request;
    if (isDryRun) {
      const forgotten = foresee(level, targets);
      this.print(renderForgotten(level, forgotten, 'would forget'));
      return { ...forgotten, unseenSinceMs, isDryRun, isInterrupted: false };
    }
    if (targets.length > 0)
      await confirm(askToForget(request, this.nowMs), { ...flags, isFinal: true });
    return { ...(await this.#carryOut(db, request)), unseenSinceMs, isDryRun };
  }

  /** Ends the command with its JSON, which after Ctrl-C says what was done until then. */
  protected finish<Json>({ isInterrupted }: ForgetResult, json: Json): Json {
    if (!isInterrupted) return json;
    if (this.jsonEnabled()) this.logJson(json);
    throw new FleetError('interrupted', 'Interrupted.');
  }

  async #findTargets(
    db: Kysely<Database>,
    level: ForgetLevel,
    { path, notSeenForMs }: ForgetScope,
  ): Promise<ForgetRequest> {
    const { findUnseenSince, listForgetTargets } = await import('../../db/forget/targets.ts');
    const { explainMissingPath, isHiddenPath } = await import('../../db/paths.ts');
    if (notSeenForMs === undefined) {
      const targets = await listForgetTargets(db, level, { ...path });
      if (path && targets.length === 0) throw await explainMissingPath(db, path);
      return { level, targets };
    }
    if (path) await isHiddenPath(db, path);
    const unseenSinceMs = await findUnseenSince(db, notSeenForMs, this.nowMs);
    const targets = await listForgetTargets(db, level, { ...path, unseenSinceMs });
    const noun = level === 'machine' ? 'machine' : 'software instance';
    const since = formatWhen(unseenSinceMs, this.nowMs);
    this.note(`${countNoun(targets.length, noun)} not seen since ${since}.`);
    return { level, targets, unseenSinceMs };
  }

  async #carryOut(
    db: Kysely<Database>,
    request: ForgetRequest,
  ): Promise<Forgotten & { isInterrupted: boolean }> {
    const { forgetInSteps } = await import('../../db/forget/forget.ts');
    const change = { nowMs: this.nowMs, actor: findActor() };
    const all: Forgotten = { machines: [], software: [] };
    const { signal, stop } = listenForInterrupt();
    let leftOver = request.targets.length;
    try {
      for await (const { left, ...step } of forgetInSteps(db, { ...request, signal }, change)) {
        leftOver = left;
        all.machines.push(...step.machines);
        all.software.push(...step.software);
        this.print(renderForgotten(request.level, step, 'forgot'));
      }
    } finally {
      stop();
    }
    this.#noteRest(request, all, leftOver);
    return { ...all, isInterrupted: leftOver > 0 };
  }

  #noteRest({ level, targets }: ForgetRequest, all: Forgotten, leftOver: number): void {
    const done = level === 'machine' ? all.machines.length : all.software.length;
    const others = targets.length - leftOver - done;
    if (others > 0) this.note(`${others} stayed: seen again meanwhile, or gone already.`);
    if (leftOver > 0) {
      this.note(`Interrupted: ${done} of ${targets.length} forgotten; run it again for the rest.`);
    }
  }
}
