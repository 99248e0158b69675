// How fast pieces of work are, in units per second of processor time: the machine's other work then counts for little. The pieces take turns in short
// windows, so that what still disturbs meets all of them; the median window counts, after one to warm up.
const WINDOW_MS = 100;
const WINDOWS = 7;

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const spent = (begun) => {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
};

function pace({ work, units }) {
  const begun = process.cpuUsage();
  const until = performance.now() + WINDOW_MS;
  let rounds = 0;
  do {
    work();
    rounds += 1;
  } while (performance.now() < until || spent(begun) < WINDOW_MS / 5000);
  return (rounds * units) / spent(begun);
}

/** The units per second of each of `subjects`, where one call of its `work` does `units` of them. */
export function rates(subjects) {
  subjects.forEach(pace);
  const paces = Array.from({ length: WINDOWS }, () => subjects.map(pace));
  return subjects.map((_, index) => Math.round(median(paces.map((window) => window[index]))));
}

/** The units per second of a single piece of work. */
export const rate = (work, units) => rates([{ work, units }])[0];

/** Rows of a table: what does it (`by`), how fast, and how that is to the first. `first` are columns that stand before. */
export function rateRows(subjects, first = {}) {
  const all = rates(subjects);
  return subjects.map(({ by }, index) => ({ ...first, by, per_second: all[index], ratio: ratio(all[index], all[0]) }));
}

export const ratio = (value, base) => Number((value / base).toPrecision(3));
