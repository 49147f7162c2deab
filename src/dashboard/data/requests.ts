/** What the terminal may ask of the data, and what it gets: one entry a question or change. */
import type { CustomerCounts } from '../../db/customers/customers.ts';
import type { DiagnosticEntry } from '../../db/diagnostics/entries.ts';
import type { InstanceHistory } from '../../db/history/instance.ts';
import type { RejectionEntry } from '../../db/rejections/entries.ts';
import type { Customer } from '../../db/schema.ts';
import type { SoftwareItem } from '../../db/software.ts';
import type { CountedToken } from '../../db/tokens/machines.ts';
import type { CreatedToken } from '../../db/tokens/tokens.ts';
import type { GatheredEvidence } from '../../db/why/evidence.ts';
import type { CustomerSettings } from '../../domain/customers/customer-input.ts';
import type { SoftwarePath } from '../../domain/health/fleet.ts';
import type { HealthReason } from '../../domain/health/judge.ts';
import type { Light, LightCounts } from '../../domain/health/light.ts';
import type { Finding } from '../../domain/why/situation.ts';
import type { FleetView, Openness } from './lines.ts';
import type { Slice, Window } from './window.ts';

export interface Questions {
  fleet: { input: { view: FleetView; slice: Slice }; output: Window<FleetRow> };
  instance: { input: { path: string }; output: InstancePage | null };
  why: { input: { path: string }; output: WhyAnswer };
  diagnostics: { input: DiagnosticsInput; output: DiagnosticsOutput };
  rejections: { input: RejectionsInput; output: RejectionsOutput };
  rejection: { input: { id: string }; output: RejectionEntry | null };
  customers: { input: { slice: Slice }; output: Window<CustomerRow> };
  customer: { input: { slug: string }; output: CustomerPage | null };
}

export interface Changes {
  'customer create': { input: CustomerInput; output: Customer };
  'customer update': { input: CustomerInput; output: Customer };
  'customer deactivate': {
    input: { slug: string; recursive: boolean };
    output: { deactivated: string[]; activeChildren: string[] };
  };
  'customer activate': { input: { slug: string }; output: { inactiveChildren: string[] } };
  'diagnostics ack': { input: DiagnosticMark; output: { changed: boolean } };
  'diagnostics close': { input: DiagnosticMark; output: { changed: boolean } };
  'token create': {
    input: { customer: string; name: string | null; expiresAtMs: number | null };
    output: CreatedToken;
  };
  'token rotate': {
    input: { id: string; overlapMs: number; expiresAtMs?: number | null | undefined };
    output: { created: CreatedToken; oldEndsAtMs: number };
  };
  'token revoke': { input: { id: string }; output: { revoked: boolean } };
}

export type Requests = Questions & Changes;
export type Question = keyof Questions;
export type ChangeName = keyof Changes;
export type InputOf<Kind extends keyof Requests> = Requests[Kind]['input'];
export type OutputOf<Kind extends keyof Requests> = Requests[Kind]['output'];

/** A question with its input. */
export type Asked = { [Kind in Question]: { kind: Kind; input: InputOf<Kind> } }[Question];

/** A question with its answer. */
export type Answer = {
  [Kind in Question]: { kind: Kind; input: InputOf<Kind>; output: OutputOf<Kind> };
}[Question];

/** A change with its input. */
export type ChangeCall = {
  [Name in ChangeName]: { name: Name; input: InputOf<Name> };
}[ChangeName];

/** What became of a change. */
export type Changed = {
  [Name in ChangeName]: { name: Name; input: InputOf<Name>; output: OutputOf<Name> };
}[ChangeName];

/** A line of the tree; not yet made printable. */
export interface FleetRow {
  key: string;
  /** A rest stands for the machines of a customer that are not shown. */
  kind: 'customer' | 'machine' | 'software' | 'rest';
  name: string;
  /** What a customer is called, besides its slug. */
  title: string | null;
  depth: number;
  /** Null for what has nothing below it. */
  openness: Openness | null;
  light: Light | null;
  reasons: HealthReason[];
  lastBeatAtMs: number | null;
  version: string | null;
  /** The path of the only instance of a machine, else of the instance itself. */
  instance: string | null;
}

export interface InstancePage {
  item: SoftwareItem;
  history: InstanceHistory;
}

export interface WhyAnswer {
  finding: Finding;
  evidence: GatheredEvidence;
}

export interface DiagnosticMark {
  path: SoftwarePath;
  code: number;
  module: string;
  note?: string | undefined;
}

export interface DiagnosticsInput {
  words: readonly string[];
  slice: Slice;
}

export type DiagnosticRow = { key: string } & Omit<DiagnosticEntry, 'context'>;

export interface DiagnosticsOutput {
  window: Window<DiagnosticRow>;
  /** How many match; more than the list has where that is cut off. */
  matching: number;
}

export interface RejectionsInput {
  words: readonly string[];
  /** Nothing new is looked for: the list stays as it was read last. */
  isPaused: boolean;
  slice: Slice;
}

export type RejectionRow = { key: string } & Omit<RejectionEntry, 'payload' | 'errors' | 'hint'>;

export interface RejectionsOutput {
  window: Window<RejectionRow>;
  /** How many match; more than the list has where that is cut off. */
  matching: number;
  /** Refusals that exceeded the bounds of the log. */
  notRecorded: number;
}

export interface CustomerRow {
  key: string;
  slug: string;
  name: string;
  depth: number;
  isActive: boolean;
  light: Light;
  counts: LightCounts;
}

export interface CustomerPage {
  customer: Customer;
  counts: CustomerCounts;
  tokens: CountedToken[];
}

export type CustomerInput = CustomerSettings & { slug: string };
