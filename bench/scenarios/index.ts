import type { Scenario } from '../scenario.ts';
import { batch } from './batch.ts';
import { cliWrite } from './cli-write.ts';
import { dashboard } from './dashboard.ts';
import { growth } from './growth.ts';
import { heartbeats } from './heartbeats.ts';
import { latency } from './latency.ts';
import { machines } from './machines.ts';
import { memory } from './memory.ts';
import { postgres } from './postgres.ts';
import { refusals } from './refusals.ts';
import { startup } from './startup.ts';
import { tokens } from './tokens.ts';

/** In the order in which they are run and reported. */
export const SCENARIOS: readonly Scenario[] = [
  heartbeats,
  tokens,
  latency,
  machines,
  batch,
  refusals,
  cliWrite,
  growth,
  startup,
  dashboard,
  memory,
  postgres,
];
