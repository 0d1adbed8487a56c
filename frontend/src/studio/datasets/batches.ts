/** How chosen files are cut into requests that the server takes. */

export const BATCH_MAX_BYTES = 48_000_000;
export const BATCH_MAX_FILES = 500;

interface Sized {
  readonly size: number;
}

/** Cut files into batches, in order; a file that alone is too large goes alone, and the server says so. */
export function batchesOf<F extends Sized>(
  files: readonly F[],
  maxBytes = BATCH_MAX_BYTES,
  maxFiles = BATCH_MAX_FILES,
): F[][] {
  const batches: F[][] = [];
  let batch: F[] = [];
  let size = 0;
  for (const file of files) {
    if (batch.length > 0 && (size + file.size > maxBytes || batch.length >= maxFiles)) {
      batches.push(batch);
      batch = [];
      size = 0;
    }
    batch.push(file);
    size += file.size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
