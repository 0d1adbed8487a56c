/** Passing on a link: by the device's own way of sending, else by its clipboard. */

/** Whether there is one of the two. Pages that came over plain http have no clipboard. */
export function canPassOn(): boolean {
  return typeof navigator.share === "function" || "clipboard" in navigator;
}

/** Offer a link by the device's own way of sending, else copy it. Whether it was copied, or null where neither was wanted. */
export async function passOn(title: string, url: string): Promise<boolean | null> {
  if (typeof navigator.share === "function") {
    try {
      await navigator.share({ title, url });
    } catch {
      // The person closed the sheet.
    }
    return null;
  }
  try {
    await navigator.clipboard.writeText(url);
    return true;
  } catch {
    return false;
  }
}
