// The style sheet of the pages that the server renders: landing, sign-in, credits, errors.
import "./all";
import "./site.css";
