/** Sorting and filtering of table rows. */

export type SortValue = string | number | boolean | null | undefined;

export interface Sort {
  readonly column: string;
  readonly isDescending: boolean;
}

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Sort a copy, stably. What has no value comes last in either direction. */
export function sorted<T>(rows: readonly T[], value: (row: T) => SortValue, isDescending: boolean): T[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((first, second) => {
    const a = value(first);
    const b = value(second);
    const isMissing = Number(a === null || a === undefined) - Number(b === null || b === undefined);
    if (isMissing !== 0 || a === null || a === undefined || b === null || b === undefined) return isMissing;
    if (typeof a === "string" || typeof b === "string") return sign * words.compare(String(a), String(b));
    return sign * (Number(a) - Number(b));
  });
}

/** What pressing a column's head does: sort by it, then the other way round. Numbers begin with the largest. */
export function pressed(current: Sort | null, column: string, beginsDescending: boolean): Sort {
  if (current?.column === column) return { column, isDescending: !current.isDescending };
  return { column, isDescending: beginsDescending };
}

/** Does a row's text hold every word that is asked for? */
export function matches(text: string, asked: string): boolean {
  const whole = text.toLowerCase();
  return asked
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
