import type { Customer } from '../../db/schema.ts';
import type { SoftwarePath } from '../../domain/health/fleet.ts';

/** What a form is about; decides which change it makes. */
export type Subject =
  | { kind: 'customer create'; parent: string | null }
  | { kind: 'customer update'; customer: Customer }
  | { kind: 'token create'; customer: string }
  | { kind: 'token rotate'; id: string }
  | { kind: 'diagnostics ack'; path: SoftwarePath; code: number; module: string };
