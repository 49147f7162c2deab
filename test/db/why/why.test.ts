import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedRejection } from '../../../src/db/rejections/write.ts';
import { gatherEvidence } from '../../../src/db/why/evidence.ts';
import { REASONS, type Reason } from '../../../src/domain/rejections/reasons.ts';
import type { VerdictCode } from '../../../src/domain/why/situation.ts';
import { SITUATIONS } from '../../../src/domain/why/situations.ts';
import { splitPath } from '../../../src/domain/why/target.ts';
import { judgeEvidence } from '../../../src/domain/why/verdict.ts';
import { DIALECTS } from '../../support/databases.ts';
import { createFleetDatabase, type FleetDatabase } from '../../support/fleet-data.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../support/instance-model.ts';
import { clearScene, NOW, playScene, type Scene, TOKEN } from '../../support/scene.ts';

const PATH = 'my-company/pc-1/app';

interface Case extends Scene {
  /** Completes "why …": what somebody sees, and what is behind it. */
  name: string;
  /** The instance of the scenes, if absent. */
  path?: string;
  code: VerdictCode;
  text: string | RegExp;
  /** The command of the first step. */
  first: string | RegExp | null;
}

const silent = { last_beat_at: NOW - 3 * HOUR, last_seen_at: NOW - 3 * HOUR };
const ofToken = { token_id: TOKEN, token_customer: 'my-company', token_form: '' };
const two = { customers: { 'my-company': {}, acme: {} } };

const CASES: readonly Case[] = [
  {
    name: 'no server ever ran',
    server: 'never ran',
    code: 'server_never_ran',
    text: 'No server has run on this database yet, so that nothing can have arrived.',
    first: 'fleet serve',
  },
  {
    name: 'no server runs, whatever else is the matter',
    server: { stoppedAt: NOW - 2 * HOUR },
    instances: { [PATH]: silent },
    rejections: [{ last_at: NOW - 2 * HOUR }],
    code: 'no_server',
    text: 'No server has run for 2 h: until one does, no device can report.',
    first: 'fleet serve',
  },
  {
    name: 'the customer is deactivated',
    customers: { 'my-company': { deactivated_at: NOW - DAY } },
    instances: { [PATH]: silent },
    rejections: [{ reason: 'customer_inactive', ...ofToken }],
    code: 'customer_inactive',
    text: 'The customer my-company is deactivated, so that nothing of it is accepted.',
    first: 'fleet customer activate my-company',
  },
  {
    name: 'a device goes on with a token that expired yesterday',
    tokens: [{ id: TOKEN, expires_at: NOW - DAY }],
    instances: { [PATH]: { last_beat_at: NOW - DAY, last_seen_at: NOW - DAY } },
    rejections: [{ reason: 'token_expired', count: 41, last_at: NOW - 10 * SECOND, ...ofToken }],
    code: 'token_expired',
    text: 'my-company/pc-1/app/heartbeat is refused: token expired (41 times, last 10 s ago).',
    first: 'fleet token create my-company',
  },
  {
    name: 'a device gave up long ago after it was refused',
    instances: { [PATH]: { last_beat_at: NOW - 9 * DAY, last_seen_at: NOW - 9 * DAY } },
    rejections: [{ reason: 'token_missing', last_at: NOW - 8 * DAY }],
    code: 'token_missing',
    text: 'my-company/pc-1/app/heartbeat was refused: token missing (8 d ago).',
    first: 'fleet token create my-company',
  },
  {
    name: 'a revoked token was replaced by a rotation',
    tokens: [
      { id: TOKEN, revoked_at: NOW - HOUR },
      { id: 'NewToken', replaces: TOKEN },
    ],
    instances: { [PATH]: silent },
    rejections: [{ reason: 'token_revoked', ...ofToken }],
    code: 'token_revoked',
    text: /^my-company\/pc-1\/app\/heartbeat is refused: token revoked \(1 m ago\)\.$/,
    first: 'fleet token rotate NewToken',
  },
  {
    name: 'the token is of another customer',
    ...two,
    rejections: [{ reason: 'customer_mismatch', ...ofToken, token_customer: 'acme' }],
    code: 'customer_mismatch',
    text: /is refused: token of another customer/,
    first: 'fleet token create my-company',
  },
  {
    name: 'a customer that does not exist is posted to',
    path: 'nobody/pc-1/app',
    rejections: [{ customer: 'nobody' }],
    code: 'token_unknown',
    text: /^nobody\/pc-1\/app\/heartbeat is refused: token unknown/,
    first: 'fleet customer create nobody && fleet token import nobody',
  },
  {
    name: 'what is posted to consists of no slugs',
    path: 'My-Company/PC1',
    rejections: [{ reason: 'invalid_slug', customer: 'My-Company', machine: 'PC1' }],
    code: 'invalid_slug',
    text: /^My-Company\/PC1\/app\/heartbeat is refused: invalid slug/,
    first: null,
  },
  {
    name: 'it is posted to a customer with one wrong letter',
    rejections: [{ reason: 'customer_mismatch', customer: 'my-compny', ...ofToken }],
    code: 'similar_refused',
    text: 'Nothing was ever received from my-company/pc-1/app, but my-compny/pc-1/app/heartbeat is refused: token of another customer (1 m ago).',
    first: /^fleet rejections show [0-9a-z]{15}$/,
  },
  {
    name: 'it is posted to a customer of quite another name, with the right token',
    ...two,
    rejections: [{ reason: 'customer_mismatch', customer: 'acme', ...ofToken }],
    code: 'similar_refused',
    text: /but acme\/pc-1\/app\/heartbeat is refused: token of another customer/,
    first: /^fleet rejections show /,
  },
  {
    name: 'it is posted to a machine with one wrong letter',
    path: 'my-company/press/app',
    rejections: [{ machine: 'pres' }],
    code: 'similar_refused',
    text: /^Nothing was ever received from my-company\/press\/app, but my-company\/pres\/app/,
    first: /^fleet rejections show /,
  },
  {
    name: 'it is posted in capitals',
    rejections: [{ reason: 'invalid_slug', machine: 'PC-1' }],
    code: 'similar_refused',
    text: /but my-company\/PC-1\/app\/heartbeat is refused: invalid slug/,
    first: /^fleet rejections show /,
  },
  {
    name: 'the software was renamed by one letter on a machine that went silent',
    instances: { 'my-company/pc-1/control': silent },
    path: 'my-company/pc-1/control',
    rejections: [{ software: 'controll', last_at: NOW - 2 * HOUR }],
    code: 'similar_refused',
    text: /^my-company\/pc-1\/control is silent, but my-company\/pc-1\/controll\/heartbeat was refused/,
    first: /^fleet rejections show /,
  },
  {
    name: 'a batch of the customer is refused as a whole',
    rejections: [{ machine: '', software: '', endpoint: 'batch' }],
    code: 'similar_refused',
    text: /but my-company\/batch is refused: token unknown/,
    first: /^fleet rejections show /,
  },
  {
    name: 'it is posted to an endpoint that does not exist',
    rejections: [
      {
        ...{ reason: 'unknown_endpoint', software: 'heartbeat', endpoint: '' },
        path: '/api/ingest/my-company/pc-1/heartbeat',
      },
    ],
    code: 'similar_refused',
    text: /is refused: unknown endpoint/,
    first: /^fleet rejections show /,
  },
  {
    name: 'a neighbour whose name is similar is refused, but has reported before',
    instances: { 'my-company/press-a/app': silent },
    path: 'my-company/press-b/app',
    rejections: [{ machine: 'press-a' }],
    code: 'similar_known',
    text: 'Nothing was ever received from my-company/press-b/app; did you mean my-company/press-a/app?',
    first: 'fleet why my-company/press-a/app',
  },
  {
    name: 'a neighbour that differs in its number is refused',
    rejections: [{ machine: 'pc-2' }],
    code: 'never_seen',
    text: /^Nothing was ever received from my-company\/pc-1\/app, and nothing of it was refused/,
    first: 'fleet rejections tail',
  },
  {
    name: 'a device is silent and nothing was refused',
    instances: { [PATH]: silent },
    code: 'overdue',
    text: 'my-company/pc-1/app is red: no heartbeat for 3 h (limit 5 m).',
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'a device is silent and was refused before it was last accepted',
    instances: { [PATH]: silent },
    rejections: [{ last_at: NOW - 4 * HOUR }],
    code: 'overdue',
    text: /no heartbeat for 3 h/,
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'a device is silent and its token was revoked',
    tokens: [{ id: TOKEN, revoked_at: NOW - HOUR }],
    instances: { [PATH]: silent },
    code: 'silent_token_revoked',
    text: `my-company/pc-1/app is red: no heartbeat for 3 h (limit 5 m); its token ${TOKEN} was revoked, so that it will be refused when it comes back.`,
    first: 'fleet token create my-company',
  },
  {
    name: 'a device is silent and its token has expired',
    tokens: [
      { id: TOKEN, expires_at: NOW - 2 * HOUR },
      { id: 'NewToken', replaces: TOKEN },
    ],
    instances: { [PATH]: silent },
    code: 'silent_token_expired',
    text: /its token AbCdEfGh has expired, so that it will be refused/,
    first: 'fleet token rotate NewToken',
  },
  {
    name: 'the device says error',
    instances: { [PATH]: { status: 'error', status_since: NOW - HOUR, status_last_at: NOW } },
    code: 'status_error',
    text: 'my-company/pc-1/app is red: status error.',
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'an error is open',
    instances: {
      [PATH]: { open_errors: 2, worst_severity: 2, worst_code: 1000, worst_text: 'Pump failed.' },
    },
    code: 'open_errors',
    text: 'my-company/pc-1/app is red: 2 unacknowledged errors: 1000 Pump failed.',
    first: 'fleet diagnostics list my-company/pc-1/app',
  },
  {
    name: 'an error is open and acknowledged',
    instances: {
      [PATH]: {
        ...{ open_errors: 1, acknowledged_errors: 1, worst_severity: 2 },
        ...{ worst_code: 7, worst_text: 'Hot' },
      },
    },
    code: 'acknowledged_errors',
    text: 'my-company/pc-1/app is yellow: 1 acknowledged error: 7 Hot.',
    first: 'fleet diagnostics list my-company/pc-1/app',
  },
  {
    name: 'a warning is open',
    instances: {
      [PATH]: {
        ...{ open_warnings: 1, newest_warning_at: NOW - HOUR, worst_severity: 1 },
        ...{ worst_code: 8, worst_text: 'Warm' },
      },
    },
    code: 'open_warnings',
    text: 'my-company/pc-1/app is yellow: 1 warning: 8 Warm.',
    first: 'fleet diagnostics list my-company/pc-1/app',
  },
  {
    name: 'the device says degraded',
    instances: { [PATH]: { status: 'Degraded', status_since: NOW, status_last_at: NOW } },
    code: 'status_degraded',
    text: 'my-company/pc-1/app is yellow: status Degraded.',
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'the device was stopped',
    instances: {
      [PATH]: { ...silent, status: 'stopped', status_since: NOW - HOUR, status_last_at: NOW },
    },
    code: 'status_stopped',
    text: 'my-company/pc-1/app is yellow: status stopped.',
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'two senders use the path',
    instances: { [PATH]: { two_senders_at: NOW - MINUTE } },
    code: 'two_senders',
    text: 'my-company/pc-1/app is yellow: two senders use this path.',
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'it sends no heartbeats',
    instances: { [PATH]: { up_since: null, last_beat_at: null } },
    code: 'no_heartbeat',
    text: 'my-company/pc-1/app is grey: no heartbeat yet.',
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'an error is open, and a message was wrong in itself',
    instances: {
      [PATH]: { open_errors: 1, worst_severity: 2, worst_code: 1, worst_text: 'Broken' },
    },
    rejections: [{ reason: 'invalid_payload', endpoint: 'status', ...ofToken }],
    code: 'open_errors',
    text: /1 unacknowledged error: 1 Broken/,
    first: 'fleet diagnostics list my-company/pc-1/app',
  },
  {
    name: 'all is well but for diagnostics that never get through',
    instances: { [PATH]: {} },
    rejections: [{ reason: 'invalid_payload', endpoint: 'diagnostics', ...ofToken }],
    code: 'invalid_payload',
    text: 'my-company/pc-1/app/diagnostics is refused: invalid payload (1 m ago).',
    first: null,
  },
  {
    name: 'the token expires tomorrow',
    tokens: [{ id: TOKEN, expires_at: NOW + DAY }],
    instances: { [PATH]: {} },
    code: 'token_expiring',
    text: `my-company/pc-1/app is healthy: its last heartbeat came 10 s ago, but its token ${TOKEN} expires in 1 d.`,
    first: `fleet token rotate ${TOKEN}`,
  },
  {
    name: 'the token expires tomorrow and was rotated',
    tokens: [
      { id: TOKEN, expires_at: NOW + DAY },
      { id: 'NewToken', replaces: TOKEN },
    ],
    instances: { [PATH]: {} },
    code: 'token_expiring',
    text: /expires in 1 d/,
    first: 'fleet token list my-company',
  },
  {
    name: 'all is well',
    instances: { [PATH]: {} },
    code: 'healthy',
    text: 'my-company/pc-1/app is healthy: its last heartbeat came 10 s ago.',
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'all is well, and what was refused is solved',
    instances: { [PATH]: {} },
    rejections: [{ reason: 'token_missing' }],
    code: 'healthy',
    text: /is healthy/,
    first: 'fleet software show my-company/pc-1/app',
  },
  {
    name: 'the customer does not exist',
    path: 'nobody/pc-1/app',
    code: 'customer_unknown',
    text: 'There is no customer nobody, and nobody tried to post as it.',
    first: 'fleet customer create nobody && fleet token create nobody',
  },
  {
    name: 'whoever asks misspells the customer',
    path: 'my-compny/pc-1/app',
    code: 'customer_unknown',
    text: 'There is no customer my-compny; did you mean my-company/pc-1/app?',
    first: 'fleet why my-company/pc-1/app',
  },
  {
    name: 'the customer has no token',
    tokens: [],
    code: 'no_token',
    text: 'Nothing was ever received from my-company/pc-1/app: the customer my-company has no token, so that no device can speak for it.',
    first: 'fleet token create my-company',
  },
  {
    name: 'every token of the customer has ended',
    tokens: [
      { id: TOKEN, expires_at: NOW - DAY },
      { id: 'OldToken', revoked_at: NOW - DAY },
    ],
    code: 'tokens_ended',
    text: 'Nothing was ever received from my-company/pc-1/app: no token of my-company works any more (2 tokens, expired or revoked).',
    first: 'fleet token create my-company',
  },
  {
    name: 'whoever asks misspells the machine',
    instances: { [PATH]: {} },
    path: 'my-company/pc1/app',
    code: 'similar_known',
    text: 'Nothing was ever received from my-company/pc1/app; did you mean my-company/pc-1/app?',
    first: 'fleet why my-company/pc-1/app',
  },
  {
    name: 'other software of the machine reports',
    instances: { [PATH]: {} },
    path: 'my-company/pc-1/watchdog',
    code: 'other_software_reports',
    text: 'Nothing was ever received from my-company/pc-1/watchdog, but app of the same machine was heard 10 s ago: from there the server can be reached.',
    first: 'fleet machine show my-company/pc-1',
  },
  {
    name: 'the device reports to another customer',
    ...two,
    instances: { 'acme/pc-1/app': {} },
    code: 'known_elsewhere',
    text: 'Nothing was ever received from my-company/pc-1/app, but from acme/pc-1/app: the device may post there, with a token of that customer.',
    first: 'fleet why acme/pc-1/app',
  },
  {
    name: 'nothing is known at all',
    code: 'never_seen',
    text: 'Nothing was ever received from my-company/pc-1/app, and nothing of it was refused: no request of it reaches the server.',
    first: 'fleet rejections tail',
  },
  {
    name: 'a new machine differs from others in its number only',
    instances: { 'my-company/pc-2/app': {}, 'my-company/pc-10/app': {} },
    code: 'never_seen',
    text: /^Nothing was ever received from my-company\/pc-1\/app, and/,
    first: 'fleet rejections tail',
  },
  {
    name: 'one instance of a machine is bad',
    path: 'my-company/pc-1',
    instances: { [PATH]: {}, 'my-company/pc-1/watchdog': silent },
    code: 'overdue',
    text: 'my-company/pc-1/watchdog is red: no heartbeat for 3 h (limit 5 m).',
    first: 'fleet software show my-company/pc-1/watchdog',
  },
  {
    name: 'a machine is well',
    path: 'my-company/pc-1',
    instances: { [PATH]: {}, 'my-company/pc-1/watchdog': {}, 'my-company/pc-2/app': silent },
    code: 'healthy',
    text: 'my-company/pc-1 is healthy: 2 green of 2 instances.',
    first: 'fleet machine show my-company/pc-1',
  },
  {
    name: 'a machine never showed up',
    path: 'my-company/pc-1',
    rejections: [{ reason: 'token_missing' }],
    code: 'token_missing',
    text: /^my-company\/pc-1\/app\/heartbeat is refused/,
    first: 'fleet token create my-company',
  },
  {
    name: 'one machine of a customer is silent, and a stranger is refused besides',
    path: 'my-company',
    instances: { [PATH]: {}, 'my-company/pc-2/app': silent },
    rejections: [{ machine: 'pc-3' }],
    code: 'overdue',
    text: 'my-company/pc-2/app is red: no heartbeat for 3 h (limit 5 m).',
    first: 'fleet software show my-company/pc-2/app',
  },
  {
    name: 'one machine of a customer is silent because it is refused',
    path: 'my-company',
    instances: { [PATH]: {}, 'my-company/pc-2/app': silent },
    rejections: [{ machine: 'pc-2', reason: 'token_missing' }],
    code: 'token_missing',
    text: /^my-company\/pc-2\/app\/heartbeat is refused: token missing/,
    first: 'fleet token create my-company',
  },
  {
    name: 'a machine of a customer below is silent',
    path: 'my-company',
    customers: { 'my-company': {}, branch: { parent: 'my-company' } },
    instances: { [PATH]: {}, 'branch/pc-9/app': silent },
    code: 'overdue',
    text: 'branch/pc-9/app is red: no heartbeat for 3 h (limit 5 m).',
    first: 'fleet software show branch/pc-9/app',
  },
  {
    name: 'a customer is well, and a device of it does not get in',
    path: 'my-company',
    instances: { [PATH]: {} },
    rejections: [{ machine: 'pc-3', reason: 'token_missing', last_at: NOW - MINUTE }],
    code: 'token_missing',
    text: /^my-company\/pc-3\/app\/heartbeat is refused/,
    first: 'fleet token create my-company',
  },
  {
    name: 'a customer is well',
    path: 'my-company',
    instances: { [PATH]: {} },
    code: 'healthy',
    text: 'my-company is healthy: 1 green of 1 machine.',
    first: 'fleet health my-company',
  },
  {
    name: 'a customer has no machine yet',
    path: 'my-company',
    code: 'never_seen',
    text: /^Nothing was ever received from my-company, and nothing/,
    first: 'fleet rejections tail',
  },
];

const LOGGED = (Object.keys(REASONS) as Reason[]).filter(
  (reason) => REASONS[reason].logged && reason !== 'customer_inactive',
);

const PLAIN_COMMAND = /^fleet [a-z]+( ([A-Za-z0-9][A-Za-z0-9/-]*|--[a-z-]+|&&))*$/;

describe.each(DIALECTS)('the verdict of fleet why on %s', (dialect) => {
  let fleet: FleetDatabase;

  beforeAll(async () => {
    fleet = await createFleetDatabase(dialect);
  });
  afterEach(() => clearScene(fleet.db));
  afterAll(() => fleet.drop());

  async function ask(scene: Scene, path = PATH) {
    await playScene(fleet.db, scene);
    const evidence = await gatherEvidence(fleet.db, splitPath(path), NOW);
    return { evidence, finding: judgeEvidence(evidence) };
  }

  it.each(CASES)('tells that $name', async ({ path, code, text, first, ...scene }) => {
    const { finding } = await ask(scene, path);
    expect(finding.code).toBe(code);
    expect(finding.text).toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
    const command = first instanceof RegExp ? expect.stringMatching(first) : first;
    expect(finding.steps[0]?.command).toEqual(command);
    const commands = finding.steps.flatMap((step) => step.command ?? []);
    expect(commands.filter((each) => !PLAIN_COMMAND.test(each))).toEqual([]);
  });

  it.each(LOGGED)('tells of a silent device that it is refused with %s', async (reason) => {
    const rejections = [{ reason, ...ofToken }];
    const { evidence, finding } = await ask({ instances: { [PATH]: silent }, rejections });
    expect(finding.code).toBe(reason);
    expect(finding.steps[0]).toEqual(evidence.refusals[0]?.hint);
    expect(finding.steps.length).toBeGreaterThan(1);
  });

  it('puts unsolved refusals before newer ones that are solved', async () => {
    const rejections: Partial<RecordedRejection>[] = [
      { reason: 'token_missing', last_at: NOW - HOUR },
      { reason: 'invalid_payload', endpoint: 'status', last_at: NOW - 2 * HOUR, ...ofToken },
    ];
    const { evidence } = await ask({ instances: { [PATH]: {} }, rejections });
    expect(evidence.refusals.map(({ reason, solved }) => [reason, solved])).toEqual([
      ['invalid_payload', false],
      ['token_missing', true],
    ]);
  });

  it('says nothing of the refusals of a neighbour, whether of a stranger or of the own customer', async () => {
    const rejections = [{ customer: 'stranger' }, { machine: 'server' }, { software: 'watchdog' }];
    const { evidence } = await ask({ rejections });
    expect([evidence.refusals, evidence.similarRefusals]).toEqual([[], []]);
  });

  it('does not guess where many customers use the same names', async () => {
    const slugs = ['north', 'south', 'east', 'west'];
    const customers = Object.fromEntries(['my-company', ...slugs].map((slug) => [slug, {}]));
    const instances = Object.fromEntries(slugs.map((slug) => [`${slug}/pc-1/app`, {}]));
    expect((await ask({ customers, instances })).finding.code).toBe('never_seen');
  });
});

it('has a case for every situation', () => {
  const covered = new Set([...CASES.map(({ code }) => code), ...LOGGED]);
  expect(SITUATIONS.map(({ code }) => code).filter((code) => !covered.has(code))).toEqual([]);
});
