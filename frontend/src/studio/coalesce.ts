/** Many calls as few: at once for the first, then at most one per interval, and always one after the last. */
export interface Coalesced {
  (): void;
  cancel: () => void;
}

/** `work` at most once in `intervalMs`; calls in between are answered by one at its end. */
export function coalesce(work: () => void, intervalMs: number): Coalesced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const rest = (): void => {
    timer = undefined;
    if (!isWanted) return;
    isWanted = false;
    run();
  };
  const run = (): void => {
    timer = setTimeout(rest, intervalMs);
    work();
  };
  const call = (): void => {
    if (timer === undefined) run();
    else isWanted = true;
  };
  call.cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
    isWanted = false;
  };
  return call;
}
