/** The server's time, by the second, on a page whose own clock may be wrong. */
export class Clock {
  nowMs = $state(Date.now());
  #offsetMs = 0;

  /** Take the time that the server has just told. */
  set(serverNow: string): void {
    this.#offsetMs = Date.parse(serverNow) - Date.now();
    this.nowMs = Date.parse(serverNow);
  }

  /** Run until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => (this.nowMs = Date.now() + this.#offsetMs), 1_000);
    return () => clearInterval(timer);
  }
}
