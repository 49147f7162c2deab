/** What is shown after a change was made or refused. */
import { formatWhen } from '../../cli/time.ts';
import type { Failure } from '../data/messages.ts';
import type { Changed, ChangeName } from '../data/requests.ts';
import { selectCustomer } from '../screens/customers.ts';
import type { Dialog, State } from '../state.ts';

type ChangedOf<Name extends ChangeName> = Extract<Changed, { name: Name }>;

type Finish = { [Name in ChangeName]: (state: State, changed: ChangedOf<Name>) => State };

const FINISH: Finish = {
  'customer create': (state, { output: { slug } }) =>
    selectCustomer(tell(state, `Created ${slug}. t creates a token for it.`), slug),
  'customer update': (state, { output: { slug } }) => tell(state, `Changed ${slug}.`),
  'customer deactivate': (state, { input: { slug }, output: { activeChildren } }) => {
    const below =
      activeChildren.length === 0 ? '' : ` Still active below it: ${activeChildren.join(', ')}.`;
    return tell(state, `Deactivated ${slug}; its tokens do not work any more.${below}`);
  },
  'customer activate': (state, { input: { slug }, output: { inactiveChildren } }) => {
    const below =
      inactiveChildren.length === 0
        ? ''
        : ` Still deactivated below it: ${inactiveChildren.join(', ')}.`;
    return tell(state, `Activated ${slug}.${below}`);
  },
  'diagnostics ack': (state, { input: { code } }) => tell(state, `Acknowledged ${code}.`),
  'diagnostics close': (state, { input: { code } }) => tell(state, `Closed ${code}.`),
  'token create': (state, { output }) => showToken(state, { created: output, remark: '' }),
  'token rotate': (state, { input: { id }, output: { created, oldEndsAtMs } }) => {
    const remark = `${id}, which it replaces, ends ${formatWhen(oldEndsAtMs, created.created_at)}.`;
    return showToken(state, { created, remark });
  },
  'token revoke': (state, { input: { id }, output: { revoked } }) =>
    tell(state, revoked ? `Revoked ${id}.` : `${id} was revoked before.`),
};

/** Closes the form or the question, and says what was done. */
export function finishChange(state: State, changed: Changed): State {
  return FINISH[changed.name](state, changed as never);
}

/** Leaves the form or the question open, with what is wrong. */
export function refuseChange(state: State, problem: Failure): State {
  const { dialog } = state;
  if (dialog?.kind !== 'form' && dialog?.kind !== 'confirm')
    return tell(state, problem.message, 'bad');
  return { ...state, dialog: { ...dialog, isBusy: false, problem } };
}

function tell(state: State, text: string, tone: 'good' | 'bad' = 'good'): State {
  return { ...state, dialog: null, notice: { text, tone } };
}

function showToken(
  state: State,
  shown: Pick<Extract<Dialog, { kind: 'secret' }>, 'created' | 'remark'>,
): State {
  return { ...state, notice: null, dialog: { kind: 'secret', ...shown, isCopied: false } };
}
