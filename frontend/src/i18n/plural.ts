/** Words that follow a number, by the rules of each language (Intl.PluralRules). */

/** "#" stands for the number. */
export interface Forms {
  readonly one: string;
  readonly other: string;
}

/** A counter for a language: `count(3, { one: "# phrase", other: "# phrases" })` gives "3 phrases". */
export function counter(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const figures = new Intl.NumberFormat(language);
  return (count, forms) => (rules.select(count) === "one" ? forms.one : forms.other).replace("#", figures.format(count));
}

/** A writer of figures with one decimal: "3.9", "3,9". */
export function decimals(language: string): (value: number) => string {
  const figures = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return (value) => figures.format(value);
}
