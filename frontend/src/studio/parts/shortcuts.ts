/** Keys that hold on every page of the studio. */

const WRITING = "input, textarea, select, [contenteditable='true']";

/** "/" goes to the page's filter, unless one is writing or a dialog is open. */
export function focusFilter(event: KeyboardEvent): void {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest(WRITING)) return;
  if (document.querySelector("dialog[open]")) return;
  const filter = document.querySelector<HTMLInputElement>("input[data-filter]");
  if (!filter) return;
  event.preventDefault();
  filter.focus();
  filter.select();
}
