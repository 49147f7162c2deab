/** The forms, in one table: their fields, what may be entered, and the change that comes of it. */
import {
  type CustomerSettings,
  parseMachineLimit,
  requireSlug,
  requireValidSettings,
} from '../../domain/customers/customer-input.ts';
import { parseOverdueLimit } from '../../domain/customers/overdue-limit.ts';
import { readNote } from '../../domain/diagnostics/note.ts';
import { DAY_MS, formatDurationCompact, parseDuration } from '../../domain/time/duration.ts';
import { parseExpiry } from '../../domain/time/instant.ts';
import { requireTokenName } from '../../domain/tokens/token-input.ts';
import type { ChangeCall } from '../data/requests.ts';
import type { Subject } from './subject.ts';

type SubjectOf<Kind extends Subject['kind']> = Extract<Subject, { kind: Kind }>;
type Values = Readonly<Record<string, string>>;

export interface FieldSpec<Of extends Subject = never> {
  name: string;
  label: string;
  help: string;
  /** Throws what is wrong with the text. */
  check: (text: string) => unknown;
  /** What stands in the field at first. */
  start?: (subject: Of) => string;
}

export interface FormSpec<Of extends Subject = never> {
  title: (subject: Of) => string;
  fields: readonly FieldSpec<Of>[];
  /** The change, of texts that were checked. */
  read: (values: Values, subject: Of) => ChangeCall;
}

type Forms = { [Kind in Subject['kind']]: FormSpec<SubjectOf<Kind>> };

const DEFAULT_OVERLAP_MS = 7 * DAY_MS;

const SETTINGS: readonly FieldSpec<SubjectOf<'customer update'>>[] = [
  {
    name: 'name',
    label: 'Name',
    help: 'as people call it; the slug unless given',
    check: (text) => text && requireValidSettings({ name: text }),
    start: ({ customer }) => customer.name,
  },
  {
    name: 'email',
    label: 'E-mail',
    help: 'of the contact',
    check: (text) => text && requireValidSettings({ email: text }),
    start: ({ customer }) => customer.email ?? '',
  },
  {
    name: 'phone',
    label: 'Phone',
    help: 'of the contact',
    check: (text) => text && requireValidSettings({ phone: text }),
    start: ({ customer }) => customer.phone ?? '',
  },
  {
    name: 'parent',
    label: 'Parent',
    help: 'slug of the customer that it belongs to',
    check: (text) => text && requireValidSettings({ parent: text }),
    start: ({ customer }) => customer.parent ?? '',
  },
  {
    name: 'overdueAfter',
    label: 'Overdue after',
    help: 'silence such as 5m; empty for the default of the server',
    check: (text) => requireValidSettings({ overdueAfterMs: readOverdue(text) }),
    start: ({ customer }) => writeDuration(customer.overdue_after_ms),
  },
  {
    name: 'machineLimit',
    label: 'Machine limit',
    help: 'a number; empty for the default of the server',
    check: (text) => requireValidSettings({ machineLimit: readLimit(text) }),
    start: ({ customer }) => customer.machine_limit?.toString() ?? '',
  },
];

export const FORMS: Forms = {
  'customer create': {
    title: () => 'New customer',
    fields: [
      {
        name: 'slug',
        label: 'Slug',
        help: 'names it in URLs and commands, such as my-company; cannot be changed',
        check: requireSlug,
      },
      ...SETTINGS.map(({ start: _, ...field }) =>
        field.name === 'parent'
          ? { ...field, start: ({ parent }: SubjectOf<'customer create'>) => parent ?? '' }
          : field,
      ),
    ],
    read: (values) => ({
      name: 'customer create',
      input: { slug: values.slug ?? '', ...readSettings(values), name: values.name || undefined },
    }),
  },
  'customer update': {
    title: ({ customer }) => `Customer ${customer.slug}`,
    fields: SETTINGS,
    read: (values, { customer }) => ({
      name: 'customer update',
      input: {
        slug: customer.slug,
        ...readSettings(values),
        name: values.name || customer.slug,
      },
    }),
  },
  'diagnostics ack': {
    title: ({ code, path }) =>
      `Acknowledge ${code} of ${path.customer}/${path.machine}/${path.software}`,
    fields: [
      {
        name: 'note',
        label: 'Note',
        help: 'what is being done about it; may be empty',
        check: (text) => readNote(text || undefined),
      },
    ],
    read: ({ note }, { path, code, module }) => ({
      name: 'diagnostics ack',
      input: { path, code, module, note: note || undefined },
    }),
  },
  'token create': {
    title: ({ customer }) => `New token for ${customer}`,
    fields: [
      {
        name: 'name',
        label: 'Name',
        help: 'where it is used, such as "gateways of hall 3"; may be empty',
        check: (text) => requireTokenName(text || null),
      },
      {
        name: 'expires',
        label: 'Expires',
        help: '90d, 2027-01-31, or never',
        check: readExpiry,
        start: () => 'never',
      },
    ],
    read: ({ name = '', expires = '' }, { customer }) => ({
      name: 'token create',
      input: { customer, name: name || null, expiresAtMs: readExpiry(expires) },
    }),
  },
  'token rotate': {
    title: ({ id }) => `A token in place of ${id}`,
    fields: [
      {
        name: 'overlap',
        label: 'Overlap',
        help: 'how long the old one goes on working, such as 7d',
        check: parseDuration,
        start: () => formatDurationCompact(DEFAULT_OVERLAP_MS),
      },
      {
        name: 'expires',
        label: 'Expires',
        help: "90d, 2027-01-31 or never; empty for the old one's lifetime",
        check: (text) => text && readExpiry(text),
      },
    ],
    read: ({ overlap = '', expires = '' }, { id }) => ({
      name: 'token rotate',
      input: {
        id,
        overlapMs: parseDuration(overlap),
        expiresAtMs: expires === '' ? undefined : readExpiry(expires),
      },
    }),
  },
};

function readSettings({
  name,
  email,
  phone,
  parent,
  overdueAfter,
  machineLimit,
}: Values): CustomerSettings {
  return {
    name: name ?? '',
    email: email || null,
    phone: phone || null,
    parent: parent || null,
    overdueAfterMs: readOverdue(overdueAfter ?? ''),
    machineLimit: readLimit(machineLimit ?? ''),
  };
}

function readOverdue(text: string): number | null {
  return text === '' ? null : parseOverdueLimit(text);
}

function readLimit(text: string): number | null {
  return text === '' ? null : parseMachineLimit(text);
}

function readExpiry(text: string): number | null {
  return text === '' ? null : parseExpiry(text, Date.now());
}

function writeDuration(ms: number | null): string {
  return ms === null ? '' : formatDurationCompact(ms);
}
