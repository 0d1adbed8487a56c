/** Columns of a table, and the presses on its rows. */
import type { Attachment } from "svelte/attachments";
import { router } from "./router.svelte";
import type { SortValue } from "./sorting";

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** What it is sorted by; a column without is not sortable. */
  readonly value?: (row: T) => SortValue;
  /** Figures stand at the right, and sorting begins with the largest. */
  readonly isNumber?: boolean;
  /** Left out on narrower pages: below 1024 px, or below 640 px. */
  readonly hide?: "medium" | "narrow";
  /** CSS width; without, what is left is shared. */
  readonly width?: string;
  /** CSS width below 640 px; without, what is left there. */
  readonly narrow?: string;
  /** The head is read aloud only. */
  readonly isHeadless?: boolean;
}

/** The columns that a page of a width has room for. */
export function fitting<T>(columns: readonly Column<T>[], isMedium: boolean, isNarrow: boolean): Column<T>[] {
  return columns.filter((column) => !(isMedium && column.hide === "medium") && !(isNarrow && column.hide !== undefined));
}

const INTERACTIVE = "a, button, input, select, label, summary";

/** Presses anywhere on a row do what its link or its opener does; those remain what the keyboard uses. */
export function rowPresses(toggle: (key: string) => void): Attachment<HTMLElement> {
  return (body) => {
    const press = (event: MouseEvent): void => {
      if (!(event.target instanceof Element) || event.target.closest(INTERACTIVE)) return;
      if (getSelection()?.toString()) return;
      const row = event.target.closest<HTMLTableRowElement>("tr[data-key]");
      if (!row) return;
      if (row.dataset.href) router.go(row.dataset.href);
      else if (row.dataset.opens !== undefined) toggle(row.dataset.key ?? "");
    };
    body.addEventListener("click", press);
    return () => body.removeEventListener("click", press);
  };
}
