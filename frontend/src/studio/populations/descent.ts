/** What descends from an individual, read off the generations that have been fetched. Pure. */
import type { GenerationDetail, Individual } from "../api";

/** How somebody of a later generation belongs to an individual: the same phrase living on, its child, or further down. */
export type Kinship = "itself" | "child" | "descendant";

export interface Descendant {
  readonly individual: Individual;
  readonly kinship: Kinship;
}

export interface DescentOfGeneration {
  readonly generation: number;
  readonly descendants: readonly Descendant[];
}

/** The line of an individual through the generations after its own, until one has nobody of it or is not there. */
export function descentOf(
  individual: Individual,
  generation: number,
  generationOf: (number: number) => GenerationDetail | undefined,
): DescentOfGeneration[] {
  // How each that was found belongs to it, by id; who lives on does so as in the first life, which may lie generations back.
  const line = new Map<number, Kinship>([individual.id, ...firstLife(individual)].map((id) => [id, "itself"]));
  const found: DescentOfGeneration[] = [];
  for (let number = generation + 1; ; number += 1) {
    const descendants = (generationOf(number)?.individuals ?? []).flatMap((one): Descendant[] => {
      const kinship = kinshipOf(one, line);
      return kinship ? [{ individual: one, kinship }] : [];
    });
    if (descendants.length === 0) return found;
    for (const { individual: one, kinship } of descendants) line.set(one.id, kinship);
    found.push({ generation: number, descendants });
  }
}

function kinshipOf(one: Individual, line: ReadonlyMap<number, Kinship>): Kinship | undefined {
  if (one.lives_on_from !== null) return line.get(one.lives_on_from.id);
  const parents = one.parents.flatMap((parent) => line.get(parent.id) ?? []);
  if (parents.length === 0) return undefined;
  return parents.includes("itself") ? "child" : "descendant";
}

function firstLife(individual: Individual): number[] {
  return individual.lives_on_from === null ? [] : [individual.lives_on_from.id];
}
