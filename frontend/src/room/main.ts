import "../styles/all";
import { mount } from "svelte";
import { readConfig } from "./config";
import Room from "./Room.svelte";

const target = document.getElementById("app");
if (target) mount(Room, { target, props: { config: readConfig(document) } });
