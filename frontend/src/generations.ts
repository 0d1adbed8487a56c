/** How people read a generation's number. The server, addresses and test ids count from 0; people count from 1. */
export function generationOrdinal(number: number): number {
  return number + 1;
}

/** "Generation 1" for the first, "Generation 2" for its children. */
export function generationName(number: number): string {
  return `Generation ${generationOrdinal(number)}`;
}
