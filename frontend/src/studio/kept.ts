/** What was fetched last, by name, so that a page seen before shows at once. Not reactive: only what is shown is. */
export const kept = new Map<string, unknown>();
