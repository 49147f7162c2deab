import { z } from 'zod';
import { LIGHTS, type Light, type LightCounts } from '../../domain/health/light.ts';

const instant = z.iso.datetime();

/** What is said of everything that has a light. */
export const health = {
  health: z.enum(LIGHTS),
  reasons: z
    .array(z.strictObject({ code: z.string(), text: z.string(), since: instant.nullable() }))
    .describe('Why it is not green, the worst first.'),
};

const softwareNode = z.strictObject({
  name: z.string(),
  kind: z.literal('software'),
  ...health,
  last_heartbeat_at: instant.nullable(),
  children: z.array(z.never()),
});

const machineNode = z.strictObject({
  name: z.string(),
  kind: z.literal('machine'),
  ...health,
  children: z.array(softwareNode),
});

const machines = z
  .strictObject({ red: z.int(), yellow: z.int(), green: z.int(), grey: z.int() })
  .describe('How many machines below it show each light.');

const customerNode = z.strictObject({
  name: z.string(),
  kind: z.literal('customer'),
  ...health,
  machines,
  get children(): z.ZodArray<z.ZodType<CustomerNodeJson | MachineNodeJson>> {
    return z.array(z.union([customerNode, machineNode]));
  },
});

const fleetNode = z.strictObject({
  name: z.literal('fleet'),
  kind: z.literal('fleet'),
  ...health,
  machines,
  children: z.array(customerNode),
});

/** The node that was asked for, and by whose eyes it is seen. */
const observer = {
  at: instant,
  server_running: z.boolean().describe('Whether a server listens now.'),
  watched_until: instant
    .nullable()
    .describe('When a server listened last: the lights are of then. null: none ever did.'),
};

/** `health`: the fleet as a tree, or the part of it that was asked for. */
export const healthSchema = z.discriminatedUnion('kind', [
  fleetNode.extend(observer),
  customerNode.extend(observer),
  machineNode.extend(observer),
  softwareNode.extend(observer),
]);

export interface HealthReasonJson {
  code: string;
  text: string;
  since: string | null;
}

export type SoftwareNodeJson = z.infer<typeof softwareNode>;
export type MachineNodeJson = z.infer<typeof machineNode>;
export type ObserverJson = z.infer<z.ZodObject<typeof observer>>;

/** A customer, or all of them, without what stands below. */
export interface GroupJson {
  name: string;
  kind: 'fleet' | 'customer';
  health: Light;
  reasons: HealthReasonJson[];
  machines: LightCounts;
}

interface CustomerNodeJson extends GroupJson {
  kind: 'customer';
  children: (CustomerNodeJson | MachineNodeJson)[];
}
