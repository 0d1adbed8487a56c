/** The generations of one population that have been looked at. */
import { SvelteMap } from "svelte/reactivity";
import type { GenerationDetail } from "../api";
import { readGeneration } from "../calls";
import { Resource } from "../resource.svelte";

export class Generations {
  readonly #population: number;
  readonly #all = new SvelteMap<number, Resource<GenerationDetail>>();

  constructor(population: number) {
    this.#population = population;
  }

  /** What is there of a generation; nothing before `want` was called for it. */
  at(number: number): GenerationDetail | undefined {
    return this.#all.get(number)?.data;
  }

  resource(number: number): Resource<GenerationDetail> | undefined {
    return this.#all.get(number);
  }

  /** Fetch a generation anew, if it has been looked at. */
  renew(number: number): void {
    void this.#all.get(number)?.load();
  }

  /** Fetch a generation, unless it is there with its last fitness: then nothing of it changes any more. */
  want(number: number): void {
    let generation = this.#all.get(number);
    if (!generation) {
      generation = new Resource(`generation ${this.#population}.${number}`, () =>
        readGeneration(this.#population, number),
      );
      this.#all.set(number, generation);
    }
    // A generation closes at once, and its fitness follows when the next one is bred.
    const isComplete = generation.data?.is_closed === true && generation.data.best_fitness !== null;
    if (!isComplete) void generation.load();
  }
}
