/** The theme a person chose, kept in this browser; "system" follows the device. */
export type Theme = "system" | "paper" | "night";

const KEY = "antiphon.theme";

/** The stored choice, or "system" where none can be read. */
export function storedTheme(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "paper" || value === "night" ? value : "system";
  } catch {
    return "system";
  }
}

/** Show a theme on this page at once, and keep it for the next one. */
export function chooseTheme(theme: Theme): void {
  showTheme(theme);
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // A browser that stores nothing still shows the theme until the page is left.
  }
}

/** Put a theme on the page's root, where the tokens look for it. */
export function showTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Which of the two themes is on the screen now. */
export function shownTheme(): "paper" | "night" {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "paper" || chosen === "night") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "paper";
}
