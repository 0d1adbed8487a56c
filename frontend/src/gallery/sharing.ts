/** Passing on the link of one phrase. */

/** This page's address with the phrase's place in it. */
export function linkTo(key: string, at: Location): string {
  return `${at.origin}${at.pathname}#${key}`;
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
