import type { WantedPath } from '../../db/paths.ts';
import type { HealthNode } from '../../domain/health/fleet.ts';
import { FleetCommand } from '../base-command.ts';
import { writePieces } from '../output.ts';
import { encodeTree } from './present.ts';
import { renderTree } from './tree.ts';
import { describeUnwatched } from './unwatched.ts';

/** A command that prints the traffic lights. */
export abstract class HealthCommand extends FleetCommand {
  /** Prints the tree of the fleet or below a path, and returns its top; says first where no server runs. */
  protected async printHealth(
    path: WantedPath | undefined,
    { isAll = false }: { isAll?: boolean } = {},
  ): Promise<HealthNode> {
    const { readNode } = await import('../../db/health/node.ts');
    const { node, watch } = await readNode(await this.read(), { path, nowMs: this.nowMs });
    const unwatched = describeUnwatched(watch);
    if (unwatched !== null) this.note(unwatched);
    if (this.jsonEnabled()) writePieces(encodeTree(node, watch));
    else this.print(renderTree(node, { watch, isAll }));
    return node;
  }
}
