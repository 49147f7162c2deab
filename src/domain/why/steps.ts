/** Steps that several situations advise. Commands are made of slugs and ids, so that they can be copied. */
import type { Hint } from '../rejections/hints.ts';
import { slugCommand } from '../slug-command.ts';
import { isTokenId } from '../tokens/token.ts';
import type { Focus, TokenEvidence } from './evidence.ts';
import type { Target } from './target.ts';

export const COMPARE_DATABASES: Hint = {
  text: 'Where a server does run, it works on another database than this command: compare its settings with these.',
  command: 'fleet config show',
};

/** Shows all that is known of an instance. */
export function showFocus({ customer, machine, software }: Focus, text: string): Hint {
  return { text, command: slugCommand`fleet software show ${customer}/${machine}/${software}` };
}

/** Follows the log of a customer. */
export function followLog(customer: string): Hint {
  return {
    text: 'Then watch what is refused while the device tries again.',
    command: slugCommand`fleet rejections tail --customer ${customer}` ?? 'fleet rejections tail',
  };
}

/** A token in place of one that has ended. */
export function renewToken({ customer, successor }: TokenEvidence): Hint {
  if (successor !== null && isTokenId(successor)) {
    return {
      text: `${successor} took over from it: enter that one on the device. Where it was not kept, rotate it again.`,
      command: `fleet token rotate ${successor}`,
    };
  }
  return {
    text: 'Create a new one and enter it on the device.',
    command: slugCommand`fleet token create ${customer}`,
  };
}

/** A token in place of one that is about to end. */
export function rotateToken({ id, customer, successor }: TokenEvidence): Hint[] {
  const seeMachines: Hint = {
    text: 'See which machines still speak with the old one.',
    command: isTokenId(id) ? `fleet token show ${id}` : null,
  };
  if (successor !== null) {
    const text = `${successor} takes over from it: enter that one on the device in time.`;
    return [{ text, command: slugCommand`fleet token list ${customer}` }, seeMachines];
  }
  const text = 'Let a new one take over from it, and enter that one on the device in time.';
  return [{ text, command: isTokenId(id) ? `fleet token rotate ${id}` : null }, seeMachines];
}

/** What to look at where nothing arrives: the answer tells how far a request comes. */
export function checkDevice(target: Target, servers: readonly string[]): Hint[] {
  const { customer, machine, software } = target;
  const path = [customer, machine ?? '<machine>', software ?? '<software>'].join('/');
  const server = servers.find((each) => /^[\w.-]+:\d+$/.test(each)) ?? '<server>';
  const url = `https://${server}/api/ingest/${path}/heartbeat`;
  return [
    {
      text: `Try by hand from the device: curl -H "Authorization: Bearer $TOKEN" -d '{}' ${url}`,
      command: null,
    },
    {
      text: 'No answer: check address, port, DNS and firewall; behind a proxy the public name counts. A certificate error: give the device the CA of the server. No TLS: the server may listen with http:// only. An error in JSON says what is wrong, and so does the log.',
      command: null,
    },
  ];
}
