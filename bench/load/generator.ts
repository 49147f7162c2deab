import type { Scope } from '../scope.ts';

/** What a generator is to send. */
export interface LoadOptions {
  url: string;
  /** The file of the ready-made requests. */
  file: string;
  /** The request of the file to begin with, counted from 0. */
  offset: number;
  connections: number;
  seconds: number;
  /** Fewer requests than the server could take: so many a second in sum. */
  pace?: { perSecond: number; pauseMs: number };
}

/** What a generator has counted. */
export interface GeneratorResult {
  requests: number;
  /** Answers that say no. */
  refused: number;
  /** Requests without an answer. */
  failed: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** How much of a core the generator itself used; null where that cannot be known. */
  generatorShare: number | null;
}

export type Generator = (scope: Scope, options: LoadOptions) => Promise<GeneratorResult>;
