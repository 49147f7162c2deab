import { describe, expect, it } from 'vitest';
import { INSTANCES } from '../../../src/db/bulk/tables.ts';
import { BEAT_COLUMNS, isBeatOnly } from '../../../src/db/ingest/beat.ts';
import { createInstance } from '../../../src/ingest/transitions/state.ts';

const PATH = { customer: 'acme', machine: 'press-1', software: 'app' };
const ROW = createInstance(PATH, { receivedAtMs: 1, tokenId: 'abc' });

const columns = Object.keys(INSTANCES.columns).filter((name) => !INSTANCES.key.includes(name));
const isOfBeat = (name: string) => BEAT_COLUMNS.some((beat) => beat === name);

describe('what changed between two states of an instance', () => {
  it.each(columns.filter(isOfBeat))('is no more than a heartbeat if it is %s', (name) => {
    expect(isBeatOnly(ROW, { ...ROW, [name]: 'changed' })).toBe(true);
  });

  it.each(columns.filter((name) => !isOfBeat(name)))('is an event if it is %s', (name) => {
    expect(isBeatOnly(ROW, { ...ROW, [name]: 'changed' })).toBe(false);
  });
});
