/** Test files share a window (vite.config.ts): each begins with an empty page, whatever the one before left there. */
import { beforeAll } from "vitest";

beforeAll(() => {
  if (typeof document === "undefined") return; // a file that asks for Node alone
  document.body.replaceChildren();
  document.documentElement.removeAttribute("data-theme");
  localStorage.clear();
  sessionStorage.clear();
});
