/** Asking the gallery which living phrases descend from what this browser's listener rated 3 or more. */
import type { GalleryCredit } from "../api/schema.gen";

/** What is said of it; null where the server does not answer: it is a courtesy, and nobody waits for it. */
export async function readCredit(url: string): Promise<GalleryCredit | null> {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" }, credentials: "same-origin" });
    return response.ok ? ((await response.json()) as GalleryCredit) : null;
  } catch {
    return null;
  }
}

/** The part of all living phrases' ancestry in whole percent: at least 1 where there is any. */
export function percentOf(share: number): number {
  return share > 0 ? Math.max(1, Math.round(share * 100)) : 0;
}
