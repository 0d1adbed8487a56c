/** Files on their way to a dataset: how far, how long still, and what went wrong. */
import { uploadFiles } from "../calls";
import { asApiError } from "../http";
import { work } from "../work.svelte";
import { batchesOf } from "./batches";

export class Sending {
  isSending = $state(false);
  sentBytes = $state(0);
  totalBytes = $state(0);
  secondsLeft = $state<number | null>(null);
  /** Files that the server has taken since the page was opened. */
  taken = $state(0);
  message = $state("");
  readonly #dataset: number;
  readonly #onTaken: () => void;
  #stop = new AbortController();
  /** Set by the drop zone: opens the browser's file chooser. */
  openChooser: () => void = () => undefined;

  constructor(dataset: number, onTaken: () => void) {
    this.#dataset = dataset;
    this.#onTaken = onTaken;
  }

  get fraction(): number {
    return this.totalBytes === 0 ? 0 : Math.min(1, this.sentBytes / this.totalBytes);
  }

  choose(): void {
    if (!this.isSending) this.openChooser();
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** Send files in as many requests as they need; what was taken before a failure stays taken. */
  async send(files: readonly File[]): Promise<void> {
    if (files.length === 0 || this.isSending) return;
    this.#stop = new AbortController();
    this.isSending = true;
    this.message = "";
    this.sentBytes = 0;
    this.secondsLeft = null;
    this.totalBytes = files.reduce((total, file) => total + file.size, 0);
    const startedAt = performance.now();
    let before = 0;
    try {
      for (const batch of batchesOf(files)) {
        const size = batch.reduce((total, file) => total + file.size, 0);
        const answer = await uploadFiles(
          this.#dataset,
          batch,
          (sent) => this.#moved(before + Math.min(sent, size), startedAt),
          this.#stop.signal,
        );
        before += size;
        this.taken += answer.files.length;
        this.#onTaken();
      }
    } catch (error) {
      this.message = asApiError(error).message;
    } finally {
      this.isSending = false;
      work.remove("upload files");
    }
  }

  #moved(sentBytes: number, startedAt: number): void {
    this.sentBytes = sentBytes;
    const seconds = (performance.now() - startedAt) / 1000;
    const fraction = this.fraction;
    this.secondsLeft = fraction > 0.02 && seconds > 0.5 ? (seconds * (1 - fraction)) / fraction : null;
    work.put("upload files", { label: "uploaded", fraction });
  }
}
