/** The traffic light that fleet computes, the worst first. */
export const LIGHTS = ['red', 'yellow', 'green', 'grey'] as const;

export type Light = (typeof LIGHTS)[number];

/** How many of something show each light. */
export type LightCounts = Record<Light, number>;

const RANKS: Readonly<Record<Light, number>> = { red: 0, yellow: 1, green: 2, grey: 3 };

/** Returns the worse of two lights. */
export function worseLight(one: Light, two: Light): Light {
  return RANKS[two] < RANKS[one] ? two : one;
}

/** Returns below 0 where the first light is the worse one, 0 where they are the same. */
export function compareLights(one: Light, two: Light): number {
  return RANKS[one] - RANKS[two];
}

export function countNoLights(): LightCounts {
  return { red: 0, yellow: 0, green: 0, grey: 0 };
}

/** Returns how many there are in all. */
export function sumLights(counts: LightCounts): number {
  return LIGHTS.reduce((sum, light) => sum + counts[light], 0);
}

/** Returns the worst light that any shows; grey where there is none. */
export function findWorstLight(counts: LightCounts): Light {
  return LIGHTS.find((light) => counts[light] > 0) ?? 'grey';
}
