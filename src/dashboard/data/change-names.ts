import type { ChangeName } from './requests.ts';

const NAMES: Readonly<Record<ChangeName, true>> = {
  'customer create': true,
  'customer update': true,
  'customer deactivate': true,
  'customer activate': true,
  'diagnostics ack': true,
  'diagnostics close': true,
  'token create': true,
  'token rotate': true,
  'token revoke': true,
};

/** Returns whether a request is a change; what carries it out is loaded only then. */
export function isChange(kind: string): kind is ChangeName {
  return Object.hasOwn(NAMES, kind);
}
