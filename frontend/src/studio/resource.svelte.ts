/** Something fetched from the API: the last that came, whether more is coming, and what went wrong. */
import { asApiError, type ApiError } from "./http";
import { kept } from "./kept";

export class Resource<T> {
  data = $state.raw<T | undefined>();
  error = $state.raw<ApiError | null>(null);
  isLoading = $state(false);
  readonly #key: string;
  readonly #fetch: () => Promise<T>;
  #turn = 0;

  /** `key` names it among all, so that a page seen before shows at once while it is fetched anew. */
  constructor(key: string, fetch: () => Promise<T>) {
    this.#key = key;
    this.#fetch = fetch;
    this.data = kept.get(key) as T | undefined;
  }

  /** Fetch; what was there stays until the answer comes, and stays when none does. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    this.isLoading = true;
    try {
      const data = await this.#fetch();
      if (turn === this.#turn) this.set(data);
    } catch (error) {
      if (turn === this.#turn) this.error = asApiError(error);
    } finally {
      if (turn === this.#turn) this.isLoading = false;
    }
  }

  /** Take data that came another way. */
  set(data: T): void {
    this.data = data;
    this.error = null;
    kept.set(this.#key, data);
  }

  /** Forget it, also for pages to come. */
  forget(): void {
    kept.delete(this.#key);
  }
}
