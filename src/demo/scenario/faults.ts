/** What is wrong with a device that is refused. */

/** What is wrong with its token. */
export type Credential = 'expired' | 'revoked' | 'cut_off' | 'of_another_server' | 'none';

/** What it changes of a message that would be accepted. */
export interface Fault {
  credential?: Credential;
  customer?: (slug: string) => string;
  machine?: (slug: string) => string;
  endpoint?: string;
  payload?: unknown;
}

const dropThirdLetter = (slug: string) => slug.slice(0, 2) + slug.slice(3);
const capitalize = (slug: string) => slug.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

export const FAULTS = {
  token_expired: { credential: 'expired' },
  token_revoked: { credential: 'revoked' },
  token_cut_off: { credential: 'cut_off' },
  token_foreign: { credential: 'of_another_server' },
  token_missing: { credential: 'none' },
  customer_misspelt: { customer: dropThirdLetter },
  customer_mixed_up: { customer: (slug) => `${slug}-test` },
  machine_capitalized: { machine: capitalize },
  endpoint_misspelt: { endpoint: 'heartbeats' },
  payload_in_words: {
    endpoint: 'diagnostics',
    payload: { diagnostics: [{ code: 2104, message: 'Valve 6', severity: 'critical' }] },
  },
  payload_without_status: { endpoint: 'status', payload: { state: 'running' } },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
