import "../styles/all";
import { mount } from "svelte";
import { followListener } from "../i18n/language.svelte";
import { readConfig } from "./config";
import { registerWorker } from "./offline/register";
import Room from "./Room.svelte";

const target = document.getElementById("app");
if (target) {
  followListener();
  mount(Room, { target, props: { config: readConfig(document) } });
  registerWorker();
}
