// The style sheet of the pages that the server renders: landing, sign-in, credits, errors.
import "./all";
import "./forms.css";
import "./gallery.css";
import "./landing.css";
import "./site.css";
