/** The gallery's pages are written by the server; here their phrases are drawn and can be played. */
import "../styles/all";
import { mount } from "svelte";
import Toasts from "../components/Toasts.svelte";
import { followListener } from "../i18n/language.svelte";
import { configure } from "../player/player.svelte";
import { placesIn, readConfig } from "./config";
import Credit from "./Credit.svelte";
import Shown from "./Shown.svelte";
import Trouble from "./Trouble.svelte";

followListener();
const config = readConfig(document);
configure(config.soundfont);
for (const [target, id, shown] of placesIn(document, config)) {
  mount(Shown, { target, props: { id, shown, anchor: target.dataset.share } });
}
const trouble = document.getElementById("trouble");
if (trouble) mount(Trouble, { target: trouble });
const credit = document.getElementById("credit");
if (credit && config.credit) mount(Credit, { target: credit, props: { url: config.credit } });
mount(Toasts, { target: document.body });
