const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** What a rate is averaged over: nodes note what they did about once a second. */
const AVERAGED = 10;

/** Returns the newest values as bars, the highest of them full; as many characters as `length`. */
export function drawSparkline(values: readonly number[], length: number): string {
  const shown = values.slice(Math.max(0, values.length - length));
  const highest = Math.max(...shown, 0);
  const bars = shown.map((value) => BARS[scale(value, highest)] ?? BARS[0]);
  return bars.join('').padStart(length, BARS[0]);
}

/** Returns the average of the newest values, with one digit after the point below ten. */
export function formatRate(perSecond: readonly number[]): string {
  const newest = perSecond.slice(-AVERAGED);
  const average = newest.reduce((sum, value) => sum + value, 0) / Math.max(1, newest.length);
  if (average === 0) return '0';
  return average < 10 ? average.toFixed(1) : String(Math.round(average));
}

/** What is not nothing is seen as something. */
function scale(value: number, highest: number): number {
  if (value <= 0 || highest <= 0) return 0;
  return Math.max(1, Math.round((value / highest) * (BARS.length - 1)));
}
