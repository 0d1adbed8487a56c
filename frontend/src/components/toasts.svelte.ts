/** Short messages that come and go. Put <Toasts /> once on the page, then call `say`. */
export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly kind: "info" | "good" | "bad";
}

const SHOWN_MS = 5_000;
const MOST_SHOWN = 3;

export const toasts = $state<{ list: Toast[] }>({ list: [] });
let nextKey = 1;

/** Show a message for some seconds, once at a time; a "bad" one stays until it is closed. */
export function say(text: string, kind: Toast["kind"] = "info"): void {
  if (toasts.list.some((toast) => toast.text === text)) return;
  const key = nextKey++;
  toasts.list = [...toasts.list, { key, text, kind }].slice(-MOST_SHOWN);
  if (kind !== "bad") setTimeout(() => dismiss(key), SHOWN_MS);
}

/** Take a message away. */
export function dismiss(key: number): void {
  toasts.list = toasts.list.filter((toast) => toast.key !== key);
}
