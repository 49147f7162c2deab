import { describe, expect, it } from 'vitest';
import { planFleet } from '../../src/demo/fleet.ts';
import { MACHINES } from '../../src/demo/pace.ts';
import { HEALTHY, TROUBLED } from '../../src/demo/scenario/behaviours.ts';
import { CUSTOMERS } from '../../src/demo/scenario/customers.ts';
import { FAULTS } from '../../src/demo/scenario/faults.ts';
import { isSlug } from '../../src/domain/slug.ts';

const SIZES = [MACHINES.least, MACHINES.usual, 1_000];

const sumShares = (all: readonly { share: number }[]) =>
  all.reduce((sum, { share }) => sum + share, 0);

describe('the fleet of a demo', () => {
  it('is the same whenever it is planned', () => {
    expect(planFleet(MACHINES.usual)).toEqual(planFleet(MACHINES.usual));
  });

  it.each(SIZES)('of %i machines has so many, besides its gateways', (machines) => {
    const paths = planFleet(machines).map(({ path }) => `${path.customer}/${path.machine}`);
    const own = new Set(paths.filter((path) => !path.includes('/gateway-')));
    expect(own.size).toBe(machines);
  });

  it.each(SIZES)('of %i machines has some of each kind', (machines) => {
    const found = new Set(planFleet(machines).map(({ behaviour }) => behaviour.name));
    const kinds = [...TROUBLED, ...HEALTHY].map(({ name }) => name);
    expect(kinds.filter((name) => !found.has(name))).toEqual([]);
  });

  it.each(SIZES)('of %i machines has some of each customer', (machines) => {
    const found = new Set(planFleet(machines).map(({ path }) => path.customer));
    expect([...found]).toEqual(CUSTOMERS.map(({ slug }) => slug));
  });

  it('has names that are slugs', () => {
    const names = planFleet(1_000).flatMap(({ path }) => Object.values(path));
    expect(names.filter((name) => !isSlug(name))).toEqual([]);
  });

  it('has gateways that speak for others, and are there themselves', () => {
    const devices = planFleet(MACHINES.usual);
    const gateways = new Set(devices.flatMap(({ gateway }) => gateway ?? []));
    const machines = new Set(devices.map(({ path }) => path.machine));
    expect(gateways.size).toBeGreaterThan(1);
    expect([...gateways].filter((gateway) => !machines.has(gateway))).toEqual([]);
  });

  it('has two senders on one path where one was cloned, and nowhere else', () => {
    const paths = planFleet(MACHINES.usual).map(({ path }) => Object.values(path).join('/'));
    const twice = paths.filter((path, index) => paths.indexOf(path) !== index);
    const cloned = planFleet(MACHINES.usual).filter(({ behaviour }) => behaviour.senders === 2);
    expect(cloned).toHaveLength(2 * twice.length);
    expect(twice.length).toBeGreaterThan(0);
  });
});

describe('the scenario', () => {
  it('fits into the smallest fleet', () => {
    expect(TROUBLED.length + HEALTHY.length).toBeLessThanOrEqual(MACHINES.least);
  });

  it('shares out all machines', () => {
    expect(sumShares(CUSTOMERS)).toBeCloseTo(1);
    expect(sumShares(HEALTHY)).toBeCloseTo(1);
    expect(sumShares(TROUBLED)).toBeLessThan(0.5);
  });

  it('has a device for everything that can be wrong with one', () => {
    const shown = TROUBLED.flatMap(({ fault }) => fault ?? []);
    expect(shown.sort()).toEqual(Object.keys(FAULTS).sort());
  });

  it('names each behaviour once', () => {
    const names = [...HEALTHY, ...TROUBLED].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
