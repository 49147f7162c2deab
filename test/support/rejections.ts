import type { RecordedRejection } from '../../src/db/rejections/write.ts';
import type { RefusedRequest } from '../../src/ingest/recorder.ts';

/** A row as the recorder writes it: an unknown token of `my-company/pc-1/app`, once, at time 0. */
export function createRejection(changes: Partial<RecordedRejection> = {}): RecordedRejection {
  return {
    customer: 'my-company',
    digest: 'digest',
    reason: 'token_unknown',
    http_status: 401,
    machine: 'pc-1',
    software: 'app',
    endpoint: 'heartbeat',
    path: '/api/ingest/my-company/pc-1/app/heartbeat',
    token_id: '',
    token_customer: '',
    token_form: 'foreign',
    address: '192.0.2.1',
    detail: 'The token is not known here.',
    errors: null,
    payload: null,
    count: 1,
    first_at: 0,
    last_at: 0,
    ...changes,
  };
}

/** A request as the server hands it to the recorder: an unknown token of `my-company/pc-1/app`. */
export function createRefusal(changes: Partial<RefusedRequest> = {}): RefusedRequest {
  return {
    reason: 'token_unknown',
    detail: 'The token is not known here.',
    errors: null,
    customer: 'my-company',
    machine: 'pc-1',
    software: 'app',
    endpoint: 'heartbeat',
    path: '/api/ingest/my-company/pc-1/app/heartbeat',
    address: '192.0.2.1',
    tokenId: '',
    tokenCustomer: '',
    tokenForm: 'foreign',
    payload: null,
    atMs: 0,
    httpStatus: 401,
    ...changes,
  };
}
