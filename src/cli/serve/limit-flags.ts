/** The limits of a server as flags: one table for names, defaults and help. */
import { FleetError } from '../../domain/errors.ts';
import { DEFAULT_BATCHER_LIMITS } from '../../ingest/batcher.ts';
import { DEFAULT_INGEST_LIMITS } from '../../ingest/limits.ts';
import { DEFAULT_REJECTION_LIMITS } from '../../ingest/recorder.ts';
import { countFlag, durationFlag } from '../flags.ts';

const { wire, ...ingest } = DEFAULT_INGEST_LIMITS;
const rejections = DEFAULT_REJECTION_LIMITS;
const queue = DEFAULT_BATCHER_LIMITS;

const LIMITS = {
  'machine-limit': [
    ingest.machinesPerCustomer,
    'Machines per customer, unless it has its own limit.',
  ],
  'instance-limit': [ingest.instancesPerMachine, 'Software instances per machine.'],
  'diagnostic-limit': [ingest.openDiagnostics, 'Open diagnostics per instance.'],
  'body-bytes': [wire.bodyBytes, 'Bytes of a message, unpacked.'],
  'batch-bytes': [wire.batchBytes, 'Bytes of a batch, unpacked.'],
  'batch-lines': [wire.batchLines, 'Lines of a batch.'],
  'json-depth': [wire.jsonDepth, 'Nested lists and objects of a body.'],
  'snapshot-bytes': [wire.snapshotBytes, 'Bytes of the snapshot of a status.'],
  'context-bytes': [wire.contextBytes, 'Bytes of the context of a diagnostic.'],
  'message-length': [wire.messageLength, 'Characters of a message; what is longer is cut.'],
  'diagnostics-per-request': [wire.diagnosticsItems, 'Diagnostics in one request.'],
  'queue-limit': [
    queue.queuedRequests,
    'Messages that may wait for a commit, and as many batches.',
  ],
  'queue-bytes': [
    queue.queuedBytes,
    'Bytes of messages that may wait for a commit, and as many of batches.',
  ],
  'upload-bytes': [ingest.uploadBytes, 'Bytes of bodies that may arrive at the same time.'],
  'rejection-rows': [rejections.maxRows, 'Rows of the rejection log.'],
  'rejection-bytes': [rejections.maxBytes, 'Bytes of the rejection log.'],
  'rejections-per-minute': [rejections.rowsPerMinute, 'New rejection rows a minute and address.'],
} as const satisfies Record<string, readonly [number, string]>;

type LimitName = keyof typeof LIMITS;

/** The flags of all limits, each with its default in the help. */
export const limitFlags = {
  'overdue-after': durationFlag({
    description: 'Silence after which a device is overdue, unless its customer has its own limit.',
    env: 'FLEET_OVERDUE_AFTER',
    default: ingest.overdueAfterMs,
    defaultHelp: async () => '5m',
    helpGroup: 'LIMIT',
  }),
  ...(Object.fromEntries(
    Object.entries(LIMITS).map(([name, [value, description]]) => [
      name,
      countFlag({
        min: 1,
        description,
        default: value,
        env: `FLEET_${name.toUpperCase().replaceAll('-', '_')}`,
        helpGroup: 'LIMIT',
      }),
    ]),
  ) as Record<LimitName, ReturnType<typeof countFlag>>),
};

export type LimitValues = Record<LimitName | 'overdue-after', number>;

/** Through what a body has to pass that is within its own limit. */
const PASSAGES = [
  ['queue-bytes', 'body-bytes'],
  ['queue-bytes', 'batch-bytes'],
  ['upload-bytes', 'body-bytes'],
  ['upload-bytes', 'batch-bytes'],
] as const satisfies readonly (readonly [LimitName, LimitName])[];

/** Otherwise it would be answered `overloaded`, however idle the server is, and sent again for ever. */
function requireRoom(flags: LimitValues): void {
  for (const [passage, body] of PASSAGES) {
    if (flags[passage] >= flags[body]) continue;
    throw new FleetError(
      'usage',
      `--${passage} ${flags[passage]} leaves no room for what --${body} ${flags[body]} allows.`,
      { hint: `fleet serve --${passage} ${flags[body]}` },
    );
  }
}

/** The limits of the parts of a server, from the flags; throws where one makes another meaningless. */
export function readLimits(flags: LimitValues) {
  requireRoom(flags);
  return {
    limits: {
      machinesPerCustomer: flags['machine-limit'],
      instancesPerMachine: flags['instance-limit'],
      openDiagnostics: flags['diagnostic-limit'],
      overdueAfterMs: flags['overdue-after'],
      uploadBytes: flags['upload-bytes'],
      wire: {
        ...wire,
        bodyBytes: flags['body-bytes'],
        batchBytes: flags['batch-bytes'],
        batchLines: flags['batch-lines'],
        jsonDepth: flags['json-depth'],
        snapshotBytes: flags['snapshot-bytes'],
        contextBytes: flags['context-bytes'],
        messageLength: flags['message-length'],
        diagnosticsItems: flags['diagnostics-per-request'],
      },
    },
    batcherLimits: {
      ...queue,
      queuedRequests: flags['queue-limit'],
      queuedBytes: flags['queue-bytes'],
    },
    rejectionLimits: {
      ...rejections,
      maxRows: flags['rejection-rows'],
      maxBytes: flags['rejection-bytes'],
      rowsPerMinute: flags['rejections-per-minute'],
    },
  };
}
