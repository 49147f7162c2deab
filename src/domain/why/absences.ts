/** What is the matter with a path from which nothing was ever accepted, and of which nothing is refused. */

import type { Hint } from '../rejections/hints.ts';
import { slugCommand } from '../slug-command.ts';
import { countNoun } from '../text/count.ts';
import { formatRelative } from '../time/instant.ts';
import type { Evidence } from './evidence.ts';
import { type Situation, situation } from './situation.ts';
import { checkDevice } from './steps.ts';
import { askWhy, joinPath, splitPath } from './target.ts';

/** What is certain stands before what is guessed. */
export const ABSENCES: readonly Situation[] = [
  situation({
    code: 'customer_unknown',
    when: 'there is no such customer, and nobody tried to post as it',
    find: ({ customer, target }) => (customer === null ? target.customer : null),
    tell: (customer, { neighbours: { similar } }) =>
      similar === null
        ? `There is no customer ${customer}, and nobody tried to post as it.`
        : `There is no customer ${customer}; did you mean ${similar}?`,
    advise: adviseUnknown,
  }),
  situation({
    code: 'no_token',
    when: 'nothing ever arrived, and the customer has no token',
    find: ({ tokens, target }) => (tokens.total === 0 ? target.customer : null),
    tell: (customer, evidence) =>
      `${describeAbsence(evidence)}: the customer ${customer} has no token, so that no device can speak for it.`,
    advise: (customer, evidence) => [createToken(customer), ...tryByHand(evidence)],
  }),
  situation({
    code: 'tokens_ended',
    when: 'nothing ever arrived, and every token of the customer has expired or was revoked',
    find: ({ tokens, target }) => (tokens.active === 0 ? target.customer : null),
    tell: (customer, evidence) =>
      `${describeAbsence(evidence)}: no token of ${customer} works any more (${countNoun(evidence.tokens.total, 'token')}, expired or revoked).`,
    advise: (customer, evidence) => [
      createToken(customer),
      {
        text: 'See what became of the others.',
        command: slugCommand`fleet token list ${customer} --all`,
      },
      ...tryByHand(evidence),
    ],
  }),
  situation({
    code: 'similar_known',
    when: 'nothing ever arrived from it, but there is a similar name',
    find: ({ neighbours }) => neighbours.similar,
    tell: (similar, evidence) => `${describeAbsence(evidence)}; did you mean ${similar}?`,
    advise: (similar, evidence) => [askOther(similar), ...watchDevice(evidence)],
  }),
  situation({
    code: 'other_software_reports',
    when: 'nothing ever arrived from it, but other software of the machine has reported',
    find: ({ neighbours }) => neighbours.sibling,
    tell: ({ software, lastSeenAtMs }, evidence) =>
      `${describeAbsence(evidence)}, but ${software} of the same machine was heard ${formatRelative(lastSeenAtMs, evidence.watch.nowMs)}: from there the server can be reached.`,
    advise: ({ software }, evidence) => [
      {
        text: `Check on the machine that ${evidence.target.software} runs, and that address and token are set in it as in ${software}.`,
        command: askMachine(evidence),
      },
      ...watchDevice(evidence),
    ],
  }),
  situation({
    code: 'known_elsewhere',
    when: 'nothing ever arrived from it, but from the same machine and software of another customer',
    find: ({ neighbours: { elsewhere } }) => elsewhere[0] ?? null,
    tell: (_, evidence) =>
      `${describeAbsence(evidence)}, but from ${evidence.neighbours.elsewhere.join(', ')}: the device may post there, with a token of that customer.`,
    advise: (path, evidence) => [
      askOther(path),
      {
        text: `If it is the device, enter a token of ${evidence.target.customer} on it, and let it post as that customer.`,
        command: slugCommand`fleet token create ${evidence.target.customer}`,
      },
      ...watchDevice(evidence),
    ],
  }),
  situation({
    code: 'never_seen',
    when: 'nothing was ever received from it or about it',
    find: (evidence) => evidence,
    tell: (evidence) =>
      `${describeAbsence(evidence)}, and nothing of it was refused: no request of it reaches the server.`,
    advise: watchDevice,
  }),
];

function describeAbsence({ target }: Evidence): string {
  return `Nothing was ever received from ${joinPath(target)}`;
}

function adviseUnknown(customer: string, evidence: Evidence): Hint[] {
  const { similar, elsewhere } = evidence.neighbours;
  const others = [similar, elsewhere[0]].filter((path) => path != null);
  return [
    ...others.map(askOther),
    {
      text: 'If it is to be new, create it with a token, and enter both on the device.',
      command: slugCommand`fleet customer create ${customer} && fleet token create ${customer}`,
    },
    ...watchDevice(evidence),
  ];
}

function createToken(customer: string): Hint {
  return {
    text: 'Create one and enter it on the device.',
    command: slugCommand`fleet token create ${customer}`,
  };
}

/** The log of all customers: a wrong path may name any. */
function watchDevice(evidence: Evidence): Hint[] {
  const text = 'Watch what is refused while the device tries to report.';
  return [{ text, command: 'fleet rejections tail' }, ...tryByHand(evidence)];
}

function tryByHand({ target, servers }: Evidence): Hint[] {
  return checkDevice(target, servers);
}

function askOther(path: string): Hint {
  return { text: `If ${path} was meant, ask for that.`, command: askWhy(splitPath(path)) };
}

function askMachine({ target }: Evidence): string | null {
  return slugCommand`fleet machine show ${target.customer}/${target.machine}`;
}
