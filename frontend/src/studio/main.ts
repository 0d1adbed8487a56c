import "../styles/all";
import { mount } from "svelte";
import { configure } from "../player/player.svelte";
import { readConfig } from "./config";
import Studio from "./Studio.svelte";

const target = document.getElementById("app");
if (target) {
  const config = readConfig();
  configure(config.soundfont);
  mount(Studio, { target, props: { config } });
}
