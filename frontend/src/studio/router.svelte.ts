/** The address bar as state: where one is, and going elsewhere without loading a page. */
import { tick } from "svelte";
import { isInside, routeOf, type Route } from "./routing";

class Router {
  #path = $state("/studio/");
  #query = $state.raw(new URLSearchParams());

  get route(): Route {
    return routeOf(this.#path);
  }

  get path(): string {
    return this.#path;
  }

  get query(): URLSearchParams {
    return this.#query;
  }

  /** Follow the browser's address and the clicks on links inside the studio, until the returned function is called. */
  start(): () => void {
    this.#read();
    const back = (): void => {
      this.#read();
    };
    const click = (event: MouseEvent): void => {
      this.#followClick(event);
    };
    addEventListener("popstate", back);
    document.addEventListener("click", click);
    return () => {
      removeEventListener("popstate", back);
      document.removeEventListener("click", click);
    };
  }

  /** Go to an address inside the studio. `isQuiet` keeps scroll and focus: for choices within a page. */
  go(href: string, { isQuiet = false, isReplacing = false } = {}): void {
    if (isReplacing) history.replaceState(null, "", href);
    else history.pushState(null, "", href);
    this.#read();
    if (isQuiet) return;
    scrollTo(0, 0);
    // A page that changes without loading must say so: the new title takes the focus.
    void tick().then(() => document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true }));
  }

  #read(): void {
    this.#path = location.pathname;
    this.#query = new URLSearchParams(location.search);
  }

  #followClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download")) return;
    if (!isInside(link.href, location.href)) return;
    event.preventDefault();
    this.go(link.href, { isQuiet: link.dataset.quiet !== undefined });
  }
}

export const router = new Router();
