/** What a clone of a population can begin with, in words. */
import { generationName } from "../../generations";
import type { ClonedPhrases, Population } from "../api";
import { plural } from "../format";

export interface CloneChoice {
  readonly value: ClonedPhrases;
  readonly label: string;
  readonly hint: string;
  /** It cannot be chosen yet. */
  readonly isResting: boolean;
}

/** The newest generation is a choice of its own only where there is more than one. */
export function cloneChoices(population: Population): CloneChoice[] {
  const newest = population.generations.at(-1);
  const first = population.generations[0];
  const origin = population.checkpoint
    ? `new samples of “${population.checkpoint.run.name}”`
    : population.encoding === "study"
      ? "new random bits"
      : "new ones at random in the scale";
  const choices: CloneChoice[] = [
    { value: "none", label: "Phrases of its own", hint: `The settings alone are cloned: ${origin}.`, isResting: false },
    {
      value: "first",
      label: "The first generation",
      hint: first ? `The same ${plural(first.size, "phrase")} that this one began with.` : "There are no phrases yet.",
      isResting: first === undefined,
    },
  ];
  if (newest && newest !== first) {
    const how = newest.is_closed ? "rated last" : "rated now";
    choices.push({
      value: "newest",
      label: generationName(newest.number),
      hint: `The same ${plural(newest.size, "phrase")} that are ${how}.`,
      isResting: false,
    });
  }
  return choices;
}

/** "settings", "settings and the phrases of generation 3": what a clone has from its source. */
export function clonedLine(generation: number | null): string {
  return generation === null ? "its settings" : `its settings and the phrases of ${generationName(generation).toLowerCase()}`;
}
