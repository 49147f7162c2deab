/** How each question of the terminal is answered. What the first screen has no use for is loaded when it is asked for. */
import type { Kysely } from 'kysely';
import { parseSoftwarePath, parseTarget } from '../../cli/path-argument.ts';
import { countOf, findCustomer, listCustomers } from '../../db/customers/customers.ts';
import { type DiagnosticEntry, encodeEpisode } from '../../db/diagnostics/entries.ts';
import { countDiagnostics, listDiagnostics } from '../../db/diagnostics/queries.ts';
import type { DiagnosticFilter } from '../../db/diagnostics/sources.ts';
import type { RejectionEntry } from '../../db/rejections/entries.ts';
import {
  countNotRecorded,
  countRejections,
  getRejection,
  listRejections,
} from '../../db/rejections/queries.ts';
import type { Customer, Database } from '../../db/schema.ts';
import { getSoftware } from '../../db/software.ts';
import { listCountedTokens } from '../../db/tokens/machines.ts';
import { countNoLights } from '../../domain/health/light.ts';
import type { Feed } from './feed.ts';
import { showLine } from './fleet-rows.ts';
import { type FleetLine, keyOfLine, listLines } from './lines.ts';
import type {
  CustomerRow,
  DiagnosticRow,
  InputOf,
  InstancePage,
  OutputOf,
  Question,
  RejectionRow,
  RejectionsInput,
} from './requests.ts';
import { cutWindow } from './window.ts';

/** Of long lists so many rows, the worst or the newest; the others are found by narrowing the list. */
const MOST_LISTED = 1_000;

export interface QuestionContext {
  db: Kysely<Database>;
  feed: Feed;
  clock: () => number;
}

type Answers = { [Kind in Question]: (input: InputOf<Kind>) => Promise<OutputOf<Kind>> };

/** Returns the answers to all questions, with what is kept between two of them. */
export function createAnswers({ db, feed, clock }: QuestionContext): Answers {
  const listFleet = remember((_key, view: InputOf<'fleet'>['view']) =>
    listLines(feed.model.fleet, view),
  );
  const readOpen = remember((_key, words: readonly string[]) =>
    readDiagnostics(db, { words, nowMs: clock() }),
  );
  const readLog = remember((_key, { words }: RejectionsInput) => readRejections(db, words));
  return {
    fleet: async ({ view, slice }) => {
      const lines = listFleet([feed.revision, view], view);
      const show = (line: FleetLine) => showLine(line, feed.model.watch);
      return cutWindow(lines, slice, { keyOf: keyOfLine, show });
    },
    rejections: async (input) => {
      const { words, isPaused, slice } = input;
      const { entries, ...counts } = await readLog([isPaused || feed.revision, words], input);
      const window = cutWindow(entries, slice, { keyOf: ({ id }) => id, show: showRejection });
      return { window, ...counts };
    },
    instance: async ({ path }) => await readInstance(db, path, clock()),
    why: async ({ path }) => {
      const { gatherEvidence } = await import('../../db/why/evidence.ts');
      const { judgeEvidence } = await import('../../domain/why/verdict.ts');
      const evidence = await gatherEvidence(db, parseTarget(path), clock());
      return { finding: judgeEvidence(evidence), evidence };
    },
    diagnostics: async ({ words, slice }) => {
      const { items, matching } = await readOpen([feed.revision, words], words);
      const window = cutWindow(items, slice, { keyOf: encodeEpisode, show: showDiagnostic });
      return { window, matching };
    },
    rejection: async ({ id }) => (await getRejection(db, id)) ?? null,
    customers: async ({ slice }) => {
      const rows = await listCustomerRows(db, feed);
      return cutWindow(rows, slice, { keyOf: ({ key }) => key, show: (row) => row });
    },
    customer: async ({ slug }) => {
      const customer = await findCustomer(db, slug);
      if (!customer) return null;
      const nowMs = clock();
      const filter = { customer: slug, includeEnded: true, nowMs };
      const { items: tokens } = await listCountedTokens(db, filter);
      return { customer, counts: await countOf(db, { slug, nowMs }), tokens };
    },
  };
}

/** Keeps the last result as long as it is asked for under the same key. */
function remember<Input, Output>(work: (key: unknown, input: Input) => Output) {
  let kept: { key: string; output: Output } | null = null;
  return (key: unknown, input: Input): Output => {
    const text = JSON.stringify(key);
    if (kept?.key !== text) kept = { key: text, output: work(key, input) };
    return kept.output;
  };
}

async function readRejections(db: Kysely<Database>, words: readonly string[]) {
  const { items: entries } = await listRejections(db, { words }, { limit: MOST_LISTED });
  const matching =
    entries.length < MOST_LISTED ? entries.length : await countRejections(db, { words });
  return { entries, matching, notRecorded: await countNotRecorded(db) };
}

async function readDiagnostics(db: Kysely<Database>, filter: DiagnosticFilter) {
  const { items } = await listDiagnostics(db, filter, { limit: MOST_LISTED });
  const matching = items.length < MOST_LISTED ? items.length : await countDiagnostics(db, filter);
  return { items, matching };
}

function showDiagnostic({ context: _, ...entry }: DiagnosticEntry): DiagnosticRow {
  return { key: encodeEpisode(entry), ...entry };
}

async function readInstance(
  db: Kysely<Database>,
  text: string,
  nowMs: number,
): Promise<InstancePage | null> {
  const { readInstanceHistory } = await import('../../db/history/instance.ts');
  const path = parseSoftwarePath(text);
  const item = await getSoftware(db, path, nowMs);
  const history = await readInstanceHistory(db, path, { nowMs });
  return item && history ? { item, history } : null;
}

function showRejection({
  payload: _,
  errors: _e,
  hint: _h,
  ...entry
}: RejectionEntry): RejectionRow {
  return { key: entry.id, ...entry };
}

async function listCustomerRows(db: Kysely<Database>, feed: Feed): Promise<CustomerRow[]> {
  const { items } = await listCustomers(db, { includeDeactivated: true });
  const known = new Set(items.map(({ slug }) => slug));
  const children = Map.groupBy(items, ({ parent }) => (parent && known.has(parent) ? parent : ''));
  const list = (parent: string, depth: number): CustomerRow[] =>
    (children.get(parent) ?? []).flatMap((each) => [
      showCustomer(each, depth, feed),
      ...list(each.slug, depth + 1),
    ]);
  return list('', 0);
}

function showCustomer(
  { slug, name, deactivated_at }: Customer,
  depth: number,
  feed: Feed,
): CustomerRow {
  const node = feed.model.fleet.customers.get(slug);
  return {
    ...{ key: slug, slug, name, depth },
    isActive: deactivated_at === null,
    light: node?.light ?? 'grey',
    counts: node?.counts ?? countNoLights(),
  };
}
