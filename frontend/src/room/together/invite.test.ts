import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../../i18n/language.svelte";
import Invite from "./Invite.svelte";

beforeEach(() => {
  vi.useFakeTimers();
  chooseLanguage("en");
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function press(navigator: object): Promise<string[]> {
  vi.stubGlobal("navigator", navigator);
  render(Invite, { props: { roomName: "Evening" } });
  await fireEvent.click(screen.getByTestId("invite"));
  await vi.advanceTimersByTimeAsync(10);
  const said = screen.getByTestId("invite").textContent.trim();
  await vi.advanceTimersByTimeAsync(5_000);
  return [said, screen.getByTestId("invite").textContent.trim()];
}

test("a device with a way of sending links is given the room's", async () => {
  const share = vi.fn(() => Promise.resolve());
  expect(await press({ share })).toEqual(["Ask a friend in", "Ask a friend in"]);
  expect(share).toHaveBeenCalledWith({ title: "Evening", url: location.href });
});

test("another one copies it and says so for a moment, or that it could not", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  expect(await press({ clipboard: { writeText } })).toEqual(["The link is copied.", "Ask a friend in"]);
  expect(writeText).toHaveBeenCalledWith(location.href);
  cleanup();
  const refuse = (): Promise<void> => Promise.reject(new Error("not allowed"));
  expect(await press({ clipboard: { writeText: refuse } })).toEqual(["The link is in the address bar.", "Ask a friend in"]);
});

test("where there is neither, nothing is offered: the code and the picture remain", () => {
  vi.stubGlobal("navigator", {});
  render(Invite, { props: { roomName: "Evening" } });
  expect(screen.queryByTestId("invite")).toBeNull();
});
