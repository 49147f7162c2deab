import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Feed } from '../../../src/dashboard/data/feed.ts';
import { createAnswers } from '../../../src/dashboard/data/questions.ts';
import { DIALECTS } from '../../support/databases.ts';
import { createFleetDatabase, type FleetDatabase } from '../../support/fleet-data.ts';
import { insertDiagnostics } from '../../support/fleet-rows.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../support/instance-model.ts';
import { NOW, playScene, TOKEN } from '../../support/scene.ts';

const SLICE = { key: null, index: 0 };
const VIEW = { opened: [], closed: [], filter: '', order: 'worst', onlyRed: false } as const;

describe.each(DIALECTS)('the questions of the terminal on %s', (dialect) => {
  let fleet: FleetDatabase;
  let feed: Feed;
  let nowMs = NOW;
  let answers: ReturnType<typeof createAnswers>;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
    await playScene(fleet.db, {
      customers: { 'my-company': {}, plant: { parent: 'my-company' }, old: { deactivated_at: 1 } },
      tokens: [{ id: TOKEN }, { id: 'ZyXwVuTs', revoked_at: NOW - DAY }],
      instances: {
        'my-company/pc-1/app': { open_errors: 1, worst_code: 17, worst_text: 'expired' },
        'plant/press-1/app': { last_beat_at: NOW - HOUR },
      },
      rejections: [
        { machine: 'pc-9', payload: '{"a":1}', last_at: NOW - MINUTE },
        { machine: 'pc-8', reason: 'token_revoked', last_at: NOW - HOUR },
      ],
    });
    await insertDiagnostics(fleet.db, 'my-company/pc-1/app', [
      { code: 17, severity: 2, message: 'expired', opened_at: NOW - HOUR, last_at: NOW },
      { code: 4, severity: 1, message: 'disk', opened_at: NOW - HOUR, last_at: NOW },
      { code: 5, severity: 0, message: 'fine', opened_at: NOW - HOUR, last_at: NOW },
    ]);
    await fleet.db
      .insertInto('machine_count')
      .values({ customer: 'my-company', machines: 1 })
      .execute();
    const clock = () => nowMs;
    feed = new Feed({ db: await fleet.connect(), clock, onOverview: () => undefined });
    await feed.look();
    answers = createAnswers({ db: await fleet.connect(), feed, clock });
  });
  afterAll(() => fleet.drop());

  it('shows the tree, and the part of it that is asked for', async () => {
    const { rows, total } = await answers.fleet({ view: VIEW, slice: SLICE });
    expect(rows.map(({ key, light }) => [key, light])).toEqual([
      ['my-company', 'red'],
      ['plant', 'red'],
      ['plant/press-1', 'red'],
      ['my-company/pc-1', 'red'],
    ]);
    expect(total).toBe(4);
  });

  it('finds a node by its key', async () => {
    const slice = { key: 'my-company/pc-1', index: 0 };
    expect((await answers.fleet({ view: VIEW, slice })).index).toBe(3);
  });

  it('shows an instance with its history, and nothing where there is none', async () => {
    const page = await answers.instance({ path: 'my-company/pc-1/app' });
    expect(page?.item).toMatchObject({ machine: 'pc-1', health: { light: 'red' } });
    expect(page?.history.diagnostics.map(({ code }) => code)).toEqual([17, 4]);
    expect(await answers.instance({ path: 'my-company/pc-1/other' })).toBeNull();
  });

  it('shows the open diagnostics, the severe first, and those that hold every word', async () => {
    const { window, matching } = await answers.diagnostics({ words: [], slice: SLICE });
    expect(window.rows.map(({ code }) => code)).toEqual([17, 4]);
    expect(matching).toBe(2);
    const narrowed = await answers.diagnostics({ words: ['disk', 'pc-1'], slice: SLICE });
    expect(narrowed.window.rows.map(({ code }) => code)).toEqual([4]);
  });

  it('shows the rejections, the newest first, without their payloads', async () => {
    const { window } = await answers.rejections({ words: [], isPaused: false, slice: SLICE });
    expect(window.rows.map(({ machine }) => machine)).toEqual(['pc-9', 'pc-8']);
    expect(window.rows[0]).not.toHaveProperty('payload');
    const words = ['token_revoked'];
    const narrowed = await answers.rejections({ words, isPaused: false, slice: SLICE });
    expect(narrowed.window.rows.map(({ machine }) => machine)).toEqual(['pc-8']);
  });

  it('shows one rejection with its payload and what to do, and none that is gone', async () => {
    const { window } = await answers.rejections({ words: [], isPaused: false, slice: SLICE });
    const entry = await answers.rejection({ id: window.rows[0]?.id ?? '' });
    expect(entry).toMatchObject({ payload: '{"a":1}', hint: { text: expect.any(String) } });
    expect(await answers.rejection({ id: 'gone' })).toBeNull();
  });

  it('leaves the log as it was read last while it is paused', async () => {
    const ask = async (isPaused: boolean) => {
      const { window } = await answers.rejections({ words: ['pc-7'], isPaused, slice: SLICE });
      return window.total;
    };
    expect(await ask(true)).toBe(0);
    await fleet.db
      .updateTable('rejection')
      .set({ machine: 'pc-7' })
      .where('machine', '=', 'pc-8')
      .execute();
    nowMs += 2 * SECOND;
    await feed.look();
    expect([await ask(true), await ask(false)]).toEqual([0, 1]);
  });

  it('lists customers below their parents, and the deactivated ones among them', async () => {
    const { rows } = await answers.customers({ slice: SLICE });
    expect(rows.map(({ slug, depth, isActive, light }) => [slug, depth, isActive, light])).toEqual([
      ['my-company', 0, true, 'red'],
      ['plant', 1, true, 'red'],
      ['old', 0, false, 'grey'],
    ]);
  });

  it('shows a customer with what hangs on it, and all its tokens', async () => {
    const page = await answers.customer({ slug: 'my-company' });
    expect(page?.counts).toEqual({ machines: 1, active_tokens: 1, children: ['plant'] });
    expect(page?.tokens.map(({ id }) => id).sort()).toEqual([TOKEN, 'ZyXwVuTs'].sort());
    expect(JSON.stringify(page)).not.toContain('secret');
    expect(await answers.customer({ slug: 'nobody' })).toBeNull();
  });

  it('says why something is as it is, whether it exists or not', async () => {
    const why = async (path: string) => (await answers.why({ path })).finding.code;
    expect(await why('plant/press-1/app')).not.toBe(await why('nobody/pc-1'));
  });
});
