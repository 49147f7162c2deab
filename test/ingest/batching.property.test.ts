import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Interval } from '../../src/domain/time/observed.ts';
import { commitBatch } from '../../src/ingest/commit.ts';
import type { IngestRequest } from '../../src/ingest/request.ts';
import { decodeMessage } from '../../src/protocol/decode.ts';
import { DIALECTS } from '../support/databases.ts';
import {
  addCustomer,
  addToken,
  buildBatch,
  buildRequest,
  createContext,
  createFleetDatabase,
  type Dump,
  dumpCustomer,
  type FleetDatabase,
} from '../support/fleet-data.ts';
import { InstanceModel, T0 } from '../support/instance-model.ts';
import { STORIES_TIMEOUT_MS, tryStories } from '../support/property.ts';
import { type Sent, streams, unobservedTimes } from '../support/streams.ts';

interface Story {
  streams: Sent[][];
  unobserved: Interval[];
  /** Which instance speaks next, and how many messages the next batch takes; both over and over. */
  turns: number[];
  batches: number[];
}

const INSTANCES = 3;

const stories: fc.Arbitrary<Story> = fc.record({
  streams: fc.array(streams({ maxLength: 25 }), { minLength: INSTANCES, maxLength: INSTANCES }),
  unobserved: unobservedTimes,
  turns: fc.array(fc.nat({ max: INSTANCES - 1 }), { minLength: 1, maxLength: 20 }),
  batches: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
});

type Order = [instance: number, sent: Sent][];

const inTurns = ({ streams: each, turns }: Story): Order => {
  const rest = each.map((stream) => [...stream]);
  const order: Order = [];
  for (let turn = 0; rest.some((stream) => stream.length > 0); turn++) {
    const wanted = turns[turn % turns.length] ?? 0;
    const speaker = rest[wanted]?.length ? wanted : rest.findIndex((stream) => stream.length > 0);
    order.push([speaker, rest[speaker]?.shift() as Sent]);
  }
  return order;
};

const oneAfterTheOther = ({ streams: each }: Story): Order =>
  each.flatMap((stream, instance) => stream.map((sent): Order[number] => [instance, sent]));

/** The order in pieces of these lengths, over and over. */
function cut(order: Order, lengths: readonly number[]): Order[] {
  const rest = [...order];
  const pieces: Order[] = [];
  while (rest.length > 0) pieces.push(rest.splice(0, lengths[pieces.length % lengths.length]));
  return pieces;
}

/** As if all of it had arrived with its last message. */
function atOnce(order: Order): Order {
  const receivedMs = Math.max(...order.map(([, sent]) => sent.receivedMs));
  return order.map(([instance, sent]) => [instance, { ...sent, receivedMs }]);
}

/** Few, since a commit for each message takes its time. */
const NUM_RUNS = { sqlite: 10, postgres: 3 };

for (const dialect of DIALECTS) {
  describe(`the same messages on ${dialect}`, { timeout: STORIES_TIMEOUT_MS }, () => {
    let fleet: FleetDatabase;
    let customers = 0;

    beforeAll(async () => {
      fleet = await createFleetDatabase(dialect);
      // Thousands of commits, none of which has to survive a power failure.
      if (dialect === 'sqlite') await sql`pragma synchronous = off`.execute(fleet.db);
    });
    afterAll(() => fleet.drop());

    /** Commits the messages of a story for a customer of its own, and returns all that is stored. */
    async function tell(story: Story, order: Order, batches: readonly number[]): Promise<Dump> {
      return await tellRequests(story, cut(order, batches), (some, sender) =>
        some.map(([instance, { endpoint, payload, receivedMs }]) => {
          const path = `${sender.customer}/machine-${instance}/software`;
          const receivedAtMs = T0 + receivedMs;
          return buildRequest(sender.token, endpoint, { path, payload, receivedAtMs });
        }),
      );
    }

    /** The same, with the messages of a commit as the lines of one request. */
    async function tellInLines(story: Story, batches: readonly Order[]): Promise<Dump> {
      return await tellRequests(story, batches, (some, { token, customer }) => {
        const lines = some.map(([instance, { endpoint, payload }]) => {
          const path = { machine: `machine-${instance}`, software: 'software' };
          return { ...path, kind: endpoint, ...payload };
        });
        const receivedAtMs = T0 + (some[0]?.[1].receivedMs ?? 0);
        return [buildBatch(token, lines, { customer, receivedAtMs })];
      });
    }

    async function tellRequests(
      { unobserved }: Story,
      batches: readonly Order[],
      build: (some: Order, sender: { customer: string; token: string }) => IngestRequest[],
    ): Promise<Dump> {
      const customer = await addCustomer(fleet.db, `customer-${++customers}`);
      const { token, id } = await addToken(fleet.db, customer);
      const context = createContext(fleet.db, { unobserved });
      for (const some of batches) {
        const outcomes = await commitBatch(context, build(some, { customer, token }));
        expect(
          outcomes.filter((each) => !each.ok || ('rejected' in each && each.rejected.length > 0)),
        ).toEqual([]);
      }
      const dump = await dumpCustomer(fleet.db, customer);
      return JSON.parse(JSON.stringify(dump).replaceAll(id, 'AbCdEfGh'));
    }

    it('leave the same rows, however they are batched and instances take turns', async () => {
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          const apart = await tell(story, oneAfterTheOther(story), [1]);
          expect(await tell(story, inTurns(story), story.batches)).toEqual(apart);
          expect(await tell(story, inTurns(story), [Number.MAX_SAFE_INTEGER])).toEqual(apart);
        }),
        tryStories(NUM_RUNS[dialect]),
      );
    });

    it('leave the same rows as lines of a batch as they do one by one', async () => {
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          const batches = cut(inTurns(story), story.batches).map(atOnce);
          const apart = await tell(story, batches.flat(), [1]);
          expect(await tellInLines(story, batches)).toEqual(apart);
        }),
        tryStories(NUM_RUNS[dialect]),
      );
    });

    it('leave the rows that the pure functions make of them', async () => {
      await fc.assert(
        fc.asyncProperty(stories, async (story) => {
          const stored = await tell(story, inTurns(story), story.batches);
          const models = story.streams.map((stream, instance) => imagine(story, stream, instance));
          expect(stored.instance).toEqual(models.flatMap(({ instance }) => instance));
          expect(stored.diagnostic).toEqual(models.flatMap(({ diagnostic }) => diagnostic));
          expect(stored.up_history).toEqual(models.flatMap(({ up }) => up));
          expect(stored.status_history).toEqual(models.flatMap(({ status }) => status));
          expect(stored.diagnostic_history).toEqual(models.flatMap(({ closed }) => closed));
        }),
        tryStories(NUM_RUNS[dialect]),
      );
    });
  });
}

/** What one stream leaves behind in memory, as it would be dumped. */
function imagine({ unobserved }: Story, stream: readonly Sent[], instance: number) {
  if (stream.length === 0) return { instance: [], diagnostic: [], up: [], status: [], closed: [] };
  const path = { customer: '', machine: `machine-${instance}`, software: 'software' };
  const model = new InstanceModel(path, T0 + (stream[0]?.receivedMs ?? 0));
  model.unobserved.push(...unobserved);
  for (const { endpoint, payload, receivedMs } of stream) {
    const decoded = decodeMessage(endpoint, payload);
    if (decoded.ok) model.receive(receivedMs, decoded.message);
  }
  const diagnostic = [...model.state.diagnostics.values()].sort(
    (one, two) => one.code - two.code || (one.module < two.module ? -1 : 1),
  );
  return {
    instance: [model.row].map(withoutCustomer),
    diagnostic: diagnostic.map(withoutCustomer),
    up: model.up.list().map(withoutCustomer),
    status: model.status.list().map(withoutCustomer),
    closed: model.diagnostic.list().map(withoutCustomer),
  };
}

function withoutCustomer<Row extends { customer: string }>({ customer: _, ...row }: Row) {
  return row;
}
