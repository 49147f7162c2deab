import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateToken } from '../../../src/domain/tokens/token.ts';
import {
  diagnoseTokenForm,
  TOKEN_FORMS,
  type TokenForm,
} from '../../../src/domain/tokens/token-form.ts';

const { id, token } = generateToken();
const typo = token.slice(0, 20) + (token[20] === 'x' ? 'y' : 'x') + token.slice(21);

const CASES: readonly (readonly [string, TokenForm])[] = [
  [token, 'well_formed'],
  [typo, 'checksum_wrong'],
  [token.replace('_', '-'), 'foreign'],
  [token.toUpperCase(), 'checksum_wrong'],
  [`${token.slice(0, 30)}-${token.slice(31)}`, 'checksum_wrong'],
  [token.slice(0, -1), 'cut_off'],
  [token.slice(0, 12), 'cut_off'],
  ['fm_', 'cut_off'],
  [`${token}x`, 'too_long'],
  [token + token, 'too_long'],
  [`"${token}"`, 'quoted'],
  [`${token}'`, 'quoted'],
  [`\\"${token}\\"`, 'quoted'],
  [`“${token}”`, 'quoted'],
  [Buffer.from(`“${token}”`).toString('latin1'), 'quoted'],
  [`Bearer ${token}`, 'bearer_twice'],
  [`bearer:${token}`, 'bearer_twice'],
  ['Bearer', 'bearer_twice'],
  [`"Bearer ${token}"`, 'bearer_twice'],
  [`${token.slice(0, 30)} ${token.slice(30)}`, 'whitespace'],
  [`${token}\\n`, 'whitespace'],
  [`${token}%0A`, 'whitespace'],
  [Buffer.from(`${token}\u00a0`).toString('latin1'), 'whitespace'],
  ['my-ingest-token', 'placeholder'],
  ['"my-ingest-token"', 'placeholder'],
  ['Bearer my-ingest-token', 'placeholder'],
  ['{token}', 'placeholder'],
  ['{{ token }}', 'placeholder'],
  ['<token>', 'placeholder'],
  ['<your token>', 'placeholder'],
  ['[token]', 'placeholder'],
  ['YOUR_TOKEN', 'placeholder'],
  ['YOUR-TOKEN-HERE', 'placeholder'],
  ['yourIngestToken', 'placeholder'],
  ['$TOKEN', 'placeholder'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell variable that was not expanded
  ['${FLEET_TOKEN}', 'placeholder'],
  ['$(cat', 'placeholder'],
  ['%TOKEN%', 'placeholder'],
  ['changeme', 'placeholder'],
  ['null', 'placeholder'],
  ['undefined', 'placeholder'],
  ['None', 'placeholder'],
  ['fm_xxxxxxxx_xxxxxxxx', 'placeholder'],
  ['fm_…', 'placeholder'],
  [Buffer.from('fm_…').toString('latin1'), 'placeholder'],
  ['...', 'placeholder'],
  ['********', 'placeholder'],
  ['[redacted]', 'placeholder'],
  [id, 'id_only'],
  ['d3b07384d113edec49eaa6238ad5ff00', 'foreign'],
  ['7f6c1c2e-8a3b-4d2e-9a63-0f4c9f3f2a10', 'foreign'],
  ['my-machine-4711', 'foreign'],
  ['abc', 'malformed'],
  ['pass{word}!', 'malformed'],
  ['x'.repeat(513).replace('x', 'y'), 'malformed'],
];

describe('diagnoseTokenForm', () => {
  it.each(CASES)('takes %j for %s', (presented, form) => {
    expect(diagnoseTokenForm(presented)).toBe(form);
  });

  it('knows a case for each form', () => {
    expect(new Set(CASES.map(([, form]) => form))).toEqual(new Set(Object.keys(TOKEN_FORMS)));
  });

  it('answers for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (presented) => {
        expect(TOKEN_FORMS).toHaveProperty(diagnoseTokenForm(presented));
      }),
    );
  });

  it.each(['"', ' ', 'bearer ', '\\"', 'fm_', 'x', '<', 'my-'])(
    'takes little time for a long run of %j',
    (piece) => {
      const startedAt = performance.now();
      diagnoseTokenForm(piece.repeat(100_000));
      expect(performance.now() - startedAt).toBeLessThan(1000);
    },
  );
});
