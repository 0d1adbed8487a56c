/** The device's own way of sending a link to somebody. */

/** Whether it has one. */
export function canShare(): boolean {
  return typeof navigator.share === "function";
}

/** Offer this page's link. */
export async function share(title: string): Promise<void> {
  try {
    await navigator.share({ title, url: location.href });
  } catch {
    // The person closed the sheet.
  }
}
