// Something done again and again while somebody can see the page: one turn after the other, with a pause between them.

/**
 * Repeats `act` every so many milliseconds, as long as it answers true. `hurry()` begins a turn now, or right after the
 * one that runs; nothing begins while the page is hidden.
 */
export function repeat(act, every) {
  let timer;
  let [isBusy, isWanted] = [false, false];

  async function hurry() {
    clearTimeout(timer);
    if (isBusy) return void (isWanted = true);
    if (document.hidden) return;
    [isBusy, isWanted] = [true, false];
    const goesOn = await act();
    isBusy = false;
    if (goesOn) timer = setTimeout(hurry, isWanted ? 0 : every);
  }

  document.addEventListener("visibilitychange", hurry);
  return { hurry };
}
