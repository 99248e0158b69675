// How fast a piece of work is: the median of short windows, after one window to warm up. The machine's other work blurs every number here;
// the ratios between numbers of one run blur less.
const WINDOW_MS = 120;
const WINDOWS = 5;

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function pace(work, units) {
  const begun = performance.now();
  let rounds = 0;
  let spent = 0;
  for (; spent < WINDOW_MS; rounds += 1) {
    work();
    spent = performance.now() - begun;
  }
  return (rounds * units * 1000) / spent;
}

/** Units per second, where one call of `work` does `units` of them. */
export function rate(work, units) {
  pace(work, units);
  return Math.round(median(Array.from({ length: WINDOWS }, () => pace(work, units))));
}

export const ratio = (value, base) => Number((value / base).toPrecision(3));
