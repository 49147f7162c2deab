/** The one shape that every scenario has. */
import type { Scope } from './scope.ts';

export interface Settings {
  /** Of one run of load. */
  seconds: number;
  /** Measured rounds, after one that only warms up. */
  rounds: number;
  /** Runs of a command whose time is taken. */
  samples: number;
  /** Heartbeats of the growth scenario. */
  growth: number;
  memorySeconds: number;
  postgresMinutes: number;
}

export interface Context {
  settings: Settings;
  /** Empty, of this scenario alone, and removed with it. */
  directory: string;
  /** Whatever is started belongs to it. */
  scope: Scope;
}

export interface Row {
  label: string;
  /** Null where it could not be measured; the note says why. */
  value: number | null;
  unit: string;
  ratio?: number;
  target?: string;
  /** Absent where there is no target, or the run is void. */
  met?: boolean;
  note?: string;
}

export interface Scenario {
  /** As `--only` takes it. */
  name: string;
  title: string;
  /** What is measured, and how, in a sentence or two. */
  setup: string;
  /** The target in words. */
  target: string;
  /** With which settings it was measured; those that do not concern it are left out. */
  configure: (settings: Settings) => string;
  run: (context: Context) => Promise<Row[]>;
}
