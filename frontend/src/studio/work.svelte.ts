/** Long work under way, wherever it was begun: for the tab's title and the rail. */
import { SvelteMap } from "svelte/reactivity";
import type { Run } from "./api";
import type { StudioEvent } from "./events";
import { percent } from "./format";

export interface Work {
  readonly label: string;
  readonly fraction: number;
}

class WorkUnderWay {
  readonly #works = new SvelteMap<string, Work>();
  readonly #names = new Map<number, string>();

  get all(): readonly Work[] {
    return [...this.#works.values()];
  }

  /** The tab's title: what is under way first, so that a narrow tab shows it. */
  titleOf(page: string): string {
    const [first] = this.all;
    return `${first ? `${percent(first.fraction)} ${first.label} · ` : ""}${page} · Antiphon`;
  }

  put(key: string, work: Work): void {
    this.#works.set(key, work);
  }

  remove(key: string): void {
    this.#works.delete(key);
  }

  /** Is any work of a kind under way? Kinds are the first word of a key: "run", "upload". */
  isBusy(kind: string): boolean {
    return [...this.#works.keys()].some((key) => key.startsWith(`${kind} `));
  }

  /** Learn runs from the API. */
  takeRuns(runs: readonly Run[]): void {
    for (const run of runs) {
      this.#names.set(run.id, run.name);
      this.#takeRun(run.id, run.state, run.progress.fraction ?? 0);
    }
  }

  /** Learn from an event of the websocket. */
  takeEvent(event: StudioEvent): void {
    if (event.type === "training_progressed") this.#takeRun(event.run, event.state, event.fraction);
    if (event.type === "training_changed") this.#takeRun(event.run, event.state, this.#works.get(keyOf(event.run))?.fraction ?? 0);
  }

  #takeRun(id: number, state: Run["state"], fraction: number): void {
    if (state === "running") this.put(keyOf(id), { label: this.#names.get(id) ?? "training", fraction });
    else this.remove(keyOf(id));
  }
}

function keyOf(run: number): string {
  return `run ${run}`;
}

export const work = new WorkUnderWay();
