/** Screen 5: Customer Management. The tree of customers, and of the selected one all that it has. */

import type { CountedToken } from '../../db/tokens/machines.ts';
import type { Answer, ChangeCall, CustomerRow } from '../data/requests.ts';
import { bodyHeight } from '../drawing/layout.ts';
import { showLight } from '../drawing/light.ts';
import { fitLine, type Line, line, padLine, span } from '../drawing/line.ts';
import { startForm } from '../forms/form.ts';
import type { Subject } from '../forms/subject.ts';
import { anchorAtSelected, type List, receiveWindow, selectedRow } from '../list.ts';
import { eachMove } from '../scrolling.ts';
import type { CustomersScreen, State } from '../state.ts';
import { go, goAnd, type Update } from '../update.ts';
import { renderCustomerPage, sortTokens } from './customer-page.ts';
import { moveIn } from './list-commands.ts';
import { renderRows } from './rows.ts';
import type { Screen } from './screen.ts';

const RULE_ROWS = 1;

const inTree = moveIn<CustomerRow>({
  get: ({ customers }) => customers.list,
  set: select,
  height: (state) => splitRows(bodyHeight(state)).tree,
});

export const customersScreen: Screen = {
  places: () => ['customers', 'list', 'everywhere'],
  ask: ({ customers: { list } }) => {
    const slug = selectedRow(list)?.slug;
    return [
      { kind: 'customers', input: { slice: list.anchor } },
      ...(slug === undefined ? [] : [{ kind: 'customer', input: { slug } } as const]),
    ];
  },
  receive: (state, answer) => {
    if (answer.kind === 'customer') return receivePage(state, answer);
    if (answer.kind !== 'customers') return state;
    const height = splitRows(bodyHeight(state)).tree;
    const asked = answer.input.slice;
    return select(state, receiveWindow(state.customers.list, answer.output, { asked, height }));
  },
  renew: (state) => change(state, { list: anchorAtSelected(state.customers.list) }),
  commands: {
    ...eachMove((distance, command) => (state) => {
      if (state.customers.pane !== 'tokens') return inTree[command]?.(state) ?? null;
      return go(moveToken(state, distance(splitRows(bodyHeight(state)).page)));
    }),
    'next-pane': (state) => {
      const { pane } = state.customers;
      return go(change(state, { pane: pane === 'tokens' ? 'customers' : 'tokens' }));
    },
    'create-customer': (state) => openForm(state, { kind: 'customer create', parent: null }),
    'edit-customer': (state) =>
      withCustomer(state, (customer) => openForm(state, { kind: 'customer update', customer })),
    deactivate: (state) => withCustomer(state, (customer) => confirmSwitch(state, customer)),
    'create-token': (state) =>
      withCustomer(state, ({ slug }) => openForm(state, { kind: 'token create', customer: slug })),
    'rotate-token': (state) =>
      withToken(state, ({ id }) => openForm(state, { kind: 'token rotate', id })),
    'revoke-token': (state) =>
      withToken(state, (token) =>
        confirm(state, describeRevocation(token), {
          name: 'token revoke',
          input: { id: token.id },
        }),
      ),
    copy: (state) => {
      const { pane, list } = state.customers;
      const text = pane === 'tokens' ? selectedToken(state)?.id : selectedRow(list)?.slug;
      return text === undefined ? go(state) : goAnd(state, { kind: 'copy', text });
    },
  },
  render: renderScreen,
};

/** Selects a customer by its slug, as after it was created. */
export function selectCustomer(state: State, slug: string): State {
  const { list } = state.customers;
  return change(state, { list: { ...list, anchor: { key: slug, index: list.index } } });
}

function change(state: State, changes: Partial<CustomersScreen>): State {
  return { ...state, customers: { ...state.customers, ...changes } };
}

function select(state: State, list: List<CustomerRow>): State {
  const slug = selectedRow(list)?.slug;
  const { page, token } = state.customers;
  const isSame = page?.customer.slug === slug;
  return change(state, { list, page: isSame ? page : null, token: isSame ? token : 0 });
}

/** The selection may be with another customer by now; a token stays selected wherever it went. */
function receivePage(
  state: State,
  { input, output: page }: Extract<Answer, { kind: 'customer' }>,
): State {
  if (input.slug !== selectedRow(state.customers.list)?.slug) return state;
  const id = selectedToken(state)?.id;
  const tokens = page === null ? [] : sortTokens(page.tokens);
  const found = tokens.findIndex((token) => token.id === id);
  const last = Math.max(0, tokens.length - 1);
  const token = found === -1 ? Math.min(last, state.customers.token) : found;
  return change(state, { page, token });
}

function moveToken(state: State, distance: number): State {
  const { token, page } = state.customers;
  const last = Math.max(0, (page?.tokens.length ?? 0) - 1);
  return change(state, { token: Math.max(0, Math.min(last, token + distance)) });
}

function selectedToken({ customers: { page, token } }: State): CountedToken | undefined {
  return page === null ? undefined : sortTokens(page.tokens)[token];
}

function withCustomer(
  state: State,
  act: (customer: NonNullable<CustomersScreen['page']>['customer']) => Update,
): Update {
  const { page } = state.customers;
  return page === null ? go(state) : act(page.customer);
}

function withToken(state: State, act: (token: CountedToken) => Update): Update {
  const token = selectedToken(state);
  if (state.customers.pane === 'tokens' && token) return act(token);
  const text = 'Select a token first: tab goes to the tokens.';
  return go({ ...state, notice: { text, tone: 'bad' } });
}

function openForm(state: State, subject: Subject): Update {
  const form = startForm(subject);
  return go({ ...state, dialog: { kind: 'form', form, isBusy: false, problem: null } });
}

function confirm(state: State, question: string, change: ChangeCall): Update {
  return go({
    ...state,
    dialog: { kind: 'confirm', question, change, isBusy: false, problem: null },
  });
}

function confirmSwitch(
  state: State,
  { slug, deactivated_at }: { slug: string; deactivated_at: number | null },
): Update {
  if (deactivated_at !== null) {
    const question = `Activate ${slug} again? Its tokens that are neither revoked nor expired work again.`;
    return confirm(state, question, { name: 'customer activate', input: { slug } });
  }
  const question = `Deactivate ${slug}? Its tokens stop working at once; its data are kept and hidden.`;
  const input = { slug, recursive: false };
  return confirm(state, question, { name: 'customer deactivate', input });
}

function describeRevocation({ id, machine_count }: CountedToken): string {
  const machines = machine_count === 1 ? '1 machine speaks' : `${machine_count} machines speak`;
  return `Revoke ${id}? That is final. ${machines} with it.`;
}

/** The tree above, what the selected customer has below it. */
function splitRows(height: number): { tree: number; page: number } {
  const rows = Math.max(0, height - RULE_ROWS);
  const tree = Math.max(3, Math.floor(rows * 0.4));
  return { tree, page: Math.max(0, rows - tree) };
}

function renderScreen(state: State, height: number): readonly Line[] {
  const { list, page, pane, token } = state.customers;
  const { columns } = state;
  if (list.isLoaded && list.total === 0) {
    return [line('There is no customer yet. n creates one.', 'dim')];
  }
  const rows = splitRows(height);
  const isActive = pane === 'customers';
  const show = (row: CustomerRow) => renderRow(row, columns);
  const options = { columns, height: rows.page, nowMs: state.overview?.atMs ?? 0 };
  return [
    ...renderRows(list, { width: columns, height: rows.tree, show, isActive }),
    line('─'.repeat(columns), 'dim'),
    ...(page === null
      ? []
      : renderCustomerPage(page, { ...options, token: isActive ? null : token })),
  ];
}

function renderRow(
  { depth, slug, name, isActive, light, counts }: CustomerRow,
  columns: number,
): Line {
  const machines = counts.red + counts.yellow + counts.green + counts.grey;
  const title = name === slug ? [] : [span(`  ${name}`, 'dim')];
  const width = Math.max(24, Math.floor(columns * 0.55));
  const named = [span(`${'  '.repeat(depth)}${slug}`, isActive ? 'bold' : 'dim'), ...title];
  return [
    ...padLine(fitLine(named, width - 1), width),
    ...padLine([isActive ? showLight(light) : span('deactivated', 'dim')], 13),
    span(machines === 1 ? '1 machine' : `${machines} machines`, 'dim'),
  ];
}
