/** The link of one phrase: this page's address with the phrase's place in it. */
export function linkTo(key: string, at: Location): string {
  return `${at.origin}${at.pathname}#${key}`;
}
