import { renderExplanation } from '../../cli/why/page.ts';
import type { Line } from '../drawing/line.ts';
import { line, wrapLine } from '../drawing/line.ts';
import { readStyled } from '../drawing/styled.ts';
import { reading } from './reading.ts';

/** What is known of a path, and what to do about it. */
export const whyDialog = reading<'why'>(({ path, answer }, width): readonly Line[] => {
  if (answer === null) return [line(`${path} …`, 'dim')];
  return readStyled(renderExplanation(answer, { width })).flatMap((each) => wrapLine(each, width));
});
