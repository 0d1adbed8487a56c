// What every page needs first: the typeface, the tokens, the base, and the theme that was chosen.
import "@fontsource-variable/source-sans-3/wght.css";
import "./tokens.css";
import "./base.css";
import { showTheme, storedTheme } from "./theme";

showTheme(storedTheme());
