import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../support/instance-model.ts';
import { compute, NOW, openSpan, span } from '../../support/uptime.ts';

describe('a restart', () => {
  it('is the end of an episode by one, seen with the next heartbeat', () => {
    const closed = [
      span(-3 * DAY, -2 * DAY, { ended_by: 'restart' }),
      span(-2 * DAY + MINUTE, -DAY, { ended_by: 'version' }),
    ];
    expect(compute({ closed, open: openSpan(-DAY) }).restarts).toEqual([
      { at: NOW - 2 * DAY + MINUTE, silence_ms: MINUTE },
    ]);
  });

  it('is also one after an outage', () => {
    const closed = [span(-3 * DAY, -2 * DAY, { ended_by: 'restart' })];
    const { restarts, outages } = compute({ closed, open: openSpan(-DAY) });
    expect(restarts).toEqual([{ at: NOW - DAY, silence_ms: DAY }]);
    expect(outages).toHaveLength(1);
  });

  it('is not seen twice where its episode was closed while it was read', () => {
    const closed = [span(-HOUR, 0, { ended_by: 'restart' })];
    expect(compute({ closed, open: openSpan(-HOUR) }).restarts).toEqual([]);
  });
});

describe('the versions', () => {
  const told = (...versions: (string | null)[]) => {
    const closed = versions.map((version, index) =>
      span((index - versions.length) * DAY, (index - versions.length) * DAY + HOUR, { version }),
    );
    const open = closed.pop() ?? null;
    const entries = compute({ closed, open: open && { ...open, ended_by: null } }).versions;
    return entries.map(({ version, since, until }) => [
      version,
      (since - NOW) / DAY,
      until === null ? null : (until - NOW) / DAY,
    ]);
  };

  it('are those that ran, newest first, each until the next', () => {
    expect(told('1.0', '1.0', '1.1')).toEqual([
      ['1.1', -1, null],
      ['1.0', -3, -1],
    ]);
  });

  it('name one that came back again', () => {
    expect(told('1.0', '1.1', '1.0').map(([version]) => version)).toEqual(['1.0', '1.1', '1.0']);
  });

  it('pass over episodes that told none', () => {
    expect(told('1.0', null, '1.0', null)).toEqual([['1.0', -4, null]]);
    expect(told(null)).toEqual([]);
  });
});
