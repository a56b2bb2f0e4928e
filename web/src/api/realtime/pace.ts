export interface Pace {
  /** Wants it done: at once, or when the pause since the last time is over. */
  ask(): void;
  stop(): void;
}

/** Does something as often as it is wanted, and then not before a pause (milliseconds) is over. The last wish is never lost. */
export function createPace(act: () => void, pause: () => number): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;

  function ask() {
    wanted = true;
    if (timer === undefined) go();
  }

  function go() {
    timer = undefined;
    if (!wanted) return;
    wanted = false;
    timer = setTimeout(go, pause());
    act();
  }

  return {
    ask,
    stop() {
      clearTimeout(timer);
      timer = undefined;
      wanted = false;
    },
  };
}
