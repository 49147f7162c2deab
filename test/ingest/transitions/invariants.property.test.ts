import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DiagnosticEpisode } from '../../../src/db/schema.ts';
import { decodeMessage } from '../../../src/protocol/decode.ts';
import type { Message } from '../../../src/protocol/messages.ts';
import { DAY, InstanceModel, MINUTE } from '../../support/instance-model.ts';
import { STORIES_TIMEOUT_MS, tryStories } from '../../support/property.ts';
import { type Sent, streams, unobservedTimes } from '../../support/streams.ts';

const RUNS = tryStories(300);

const stories = fc.record({ stream: streams({ maxLength: 60 }), unobserved: unobservedTimes });

function decode({ endpoint, payload }: Sent): Message {
  const decoded = decodeMessage(endpoint, payload);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.errors));
  return decoded.message;
}

interface Episode {
  start: number;
  end: number;
}

/** Points in time are no stretch, and so overlap with nothing. */
function expectNoOverlap(episodes: readonly Episode[]): void {
  const stretches = episodes
    .filter(({ start, end }) => end > start)
    .toSorted((one, two) => one.start - two.start);
  for (const [index, { end }] of stretches.entries()) {
    const next = stretches[index + 1];
    if (next)
      expect(end, 'an episode ends before the next one starts').toBeLessThanOrEqual(next.start);
  }
}

const openUp = ({ row }: InstanceModel): Episode[] =>
  row.up_since === null ? [] : [{ start: row.up_since, end: row.last_beat_at ?? row.up_since }];

const openStatus = ({ row }: InstanceModel): Episode[] =>
  row.status_since === null ? [] : [{ start: row.status_since, end: Number.POSITIVE_INFINITY }];

function listOpenDiagnostics(model: InstanceModel) {
  const open = [...model.state.diagnostics.values()].filter(({ severity }) => severity > 0);
  return open.map((row) => ({ ...row, closed_at: Number.POSITIVE_INFINITY, episodes: 1 }));
}

/** Rows of a flapping hour stand for several codes, and are no episode of the one that they show. */
function groupDiagnostics(model: InstanceModel): Episode[][] {
  const closed: Pick<
    DiagnosticEpisode,
    'code' | 'module' | 'opened_at' | 'closed_at' | 'episodes'
  >[] = model.diagnostic.list();
  const single = [...closed, ...listOpenDiagnostics(model)].filter(
    ({ episodes }) => episodes === 1,
  );
  const groups = Map.groupBy(single, ({ code, module }) => `${code} ${module}`);
  return [...groups.values()].map((group) =>
    group.map(({ opened_at, closed_at }) => ({ start: opened_at, end: closed_at })),
  );
}

function expectSound(model: InstanceModel): void {
  const { row } = model;
  const ups = model.up.list().map((each) => ({ start: each.started_at, end: each.ended_at }));
  const words = model.status.list().map((each) => ({ start: each.started_at, end: each.ended_at }));
  expectNoOverlap([...ups, ...openUp(model)]);
  expectNoOverlap([...words, ...openStatus(model)]);
  for (const group of groupDiagnostics(model)) expectNoOverlap(group);
  for (const episode of model.up.list()) {
    expect(episode.up_ms).toBeGreaterThanOrEqual(0);
    expect(episode.up_ms).toBeLessThanOrEqual(episode.ended_at - episode.started_at);
  }
  for (const { started_at, last_at, ended_at } of model.status.list()) {
    expectOrdered(started_at, last_at, ended_at);
  }
  for (const { opened_at, last_at, closed_at } of model.diagnostic.list()) {
    expectOrdered(opened_at, last_at, closed_at);
  }
  expectOrdered(row.up_since, row.last_beat_at, row.newest_at);
  expectOrdered(row.status_since, row.status_last_at, row.newest_at);
  expectOrdered(row.first_seen_at, row.last_seen_at);
  for (const each of model.state.diagnostics.values()) expectOrdered(each.opened_at, each.last_at);
}

function expectOrdered(...instants: (number | null)[]): void {
  const known = instants.filter((each) => each !== null);
  expect(known).toEqual(known.toSorted((one, two) => one - two));
}

function sum<Item>(items: readonly Item[], numberOf: (item: Item) => number): number {
  return items.reduce((total, item) => total + numberOf(item), 0);
}

/** Plays a stream and returns the messages that were no repetition. */
function play(model: InstanceModel, stream: readonly Sent[], after = (_message: Message) => {}) {
  return stream.flatMap((sent) => {
    const message = decode(sent);
    const { isDuplicate } = model.receive(sent.receivedMs, message);
    after(message);
    return isDuplicate ? [] : [message];
  });
}

describe('whatever an instance sends', { timeout: STORIES_TIMEOUT_MS }, () => {
  it('nothing lasts a negative time and no episodes overlap, after each message', () => {
    fc.assert(
      fc.property(stories, ({ stream, unobserved }) => {
        const model = new InstanceModel();
        model.unobserved.push(...unobserved);
        play(model, stream, () => expectSound(model));
      }),
      RUNS,
    );
  });

  it('every message counts exactly once, in the open episode or in the history', () => {
    fc.assert(
      fc.property(stories, ({ stream, unobserved }) => {
        const model = new InstanceModel();
        model.unobserved.push(...unobserved);
        const messages = play(model, stream);
        const of = (kind: Message['kind']) => messages.filter((each) => each.kind === kind).length;
        expect(model.row.beats + sum(model.up.list(), ({ beats }) => beats)).toBe(of('heartbeat'));
        const words = model.row.status_count + sum(model.status.list(), ({ count }) => count);
        expect(words).toBe(of('status'));
        const reported = messages.flatMap((each) =>
          each.kind === 'diagnostics' ? each.items : [],
        );
        const counted = [...model.diagnostic.list(), ...listOpenDiagnostics(model)];
        const severe = reported.filter(({ severity }) => severity > 0);
        expect(sum(counted, ({ count }) => count)).toBe(severe.length);
      }),
      RUNS,
    );
  });

  it('the counts that health reads are those of its diagnostics', () => {
    fc.assert(
      fc.property(stories, ({ stream }) => {
        const model = new InstanceModel();
        play(model, stream, (message) => {
          if (message.kind !== 'diagnostics') return;
          const rows = [...model.state.diagnostics.values()];
          const isOpen = (lastAt: number) => model.row.newest_at - lastAt <= DAY;
          const warnings = rows.filter((each) => each.severity === 1 && isOpen(each.last_at));
          expect(model.row.open_errors).toBe(rows.filter((each) => each.severity === 2).length);
          expect(model.row.open_warnings).toBe(warnings.length);
        });
      }),
      RUNS,
    );
  });

  it('the same content again and again adds no history, whatever came before', () => {
    fc.assert(
      fc.property(stories, ({ stream }) => {
        const model = new InstanceModel();
        play(model, stream);
        const startMs = (stream.at(-1)?.receivedMs ?? 0) + 30 * MINUTE;
        const countRows = () =>
          [model.up, model.status, model.diagnostic].map((each) => each.list().length);
        const rows = Array.from({ length: 50 }, (_, round) => {
          repeat(model, startMs + round * MINUTE, round);
          return countRows();
        });
        expect(rows.at(-1)).toEqual(rows[0]);
      }),
      tryStories(200),
    );
  });
});

function repeat(model: InstanceModel, atMs: number, round: number): void {
  const steady: Sent[] = [
    {
      endpoint: 'heartbeat',
      payload: { uptime_seconds: round * 60, pid: 1, version: '1.0' },
      receivedMs: atMs,
    },
    {
      endpoint: 'status',
      payload: { status: 'running', message: `round ${round}`, snapshot: { round } },
      receivedMs: atMs,
    },
    {
      endpoint: 'diagnostics',
      payload: {
        items: [0, 1, 2].map((severity) => ({ code: severity, severity, message: `${round}` })),
      },
      receivedMs: atMs,
    },
  ];
  play(model, steady);
}
