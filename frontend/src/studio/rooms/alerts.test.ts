import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { Alert } from "../api";
import Alerts from "./Alerts.svelte";

afterEach(cleanup);

const clickers = (count: number): Alert[] =>
  Array.from({ length: count }, (_, place) => ({ kind: "clicker", text: `Guest ${place}: gave 3 to all`, advice: "Look.", listener: place }));
const told = (): number => screen.queryAllByTestId("alert-clicker").length;

test("three alerts stand there, of more the first two, and the others are a press away", async () => {
  render(Alerts, { props: { alerts: clickers(3), population: 1 } });
  expect([told(), screen.queryByTestId("alerts-more")]).toEqual([3, null]);
  cleanup();
  render(Alerts, { props: { alerts: clickers(5), population: 1 } });
  expect([told(), screen.getByTestId("alerts-more").textContent.trim()]).toEqual([2, "Show 3 more"]);
  await fireEvent.click(screen.getByTestId("alerts-more"));
  expect([told(), screen.queryByTestId("alerts-more")]).toEqual([5, null]);
});
