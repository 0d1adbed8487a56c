import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "../../i18n/language.svelte";
import { player } from "../../player/player.svelte";
import type { ServerMessage } from "../../protocol/protocol.gen";
import { after, namedPhrase, progressOf, welcome } from "../messages.fixture";
import { winnerKey } from "../playing";
import type { Session } from "../session";
import Born from "./Born.svelte";

const closed: ServerMessage = {
  type: "generation_closed",
  generation: 2,
  listeners: 12,
  ratings: 30,
  winner: namedPhrase(7, 2),
  winner_fitness: 3.9,
  winner_standard_error: 0.2,
  winner_parents: [namedPhrase(1, 1), namedPhrase(2, 1)],
};
const opened: ServerMessage = { type: "generation_opened", progress: progressOf(3), parents: 4 };
const continueOn = vi.fn();

function show(...messages: ServerMessage[]): void {
  const session = { state: after(welcome({ progress: progressOf(2) }), ...messages), continueOn } as unknown as Session;
  render(Born, { props: { session } });
}

beforeEach(() => {
  vi.useFakeTimers();
  continueOn.mockClear();
  chooseLanguage("en");
});
afterEach(() => {
  cleanup();
  [player.key, player.status] = [null, "ready"];
  vi.useRealTimers();
});

test("the winner's roll and its parents' are there, each with its name", () => {
  show(closed);
  const rolls = screen.getAllByTestId("born")[0]!.querySelectorAll("figcaption");
  expect([...rolls].map((one) => one.textContent)).toEqual(["Generation 2, phrase 1", "Generation 2, phrase 2"]);
});

test("who liked the phrases that the next generation comes from is told once it is known, and of that generation only", () => {
  const credited = { type: "credited", generation: 3, size: 10, descendants: 0, parents_liked: 1, parents_liked_by: 12, gallery: null } as const;
  for (const [answered, told] of [
    [credited, "Generation 4: bred from 4 phrases that you and 11 others liked."],
    [{ ...credited, parents_liked: 0 }, "Generation 4: bred from 4 phrases that 12 listeners liked."],
    [{ ...credited, parents_liked: 0, parents_liked_by: 0 }, "Generation 4: bred from 4 phrases."],
    [{ ...credited, generation: 2 }, "Generation 4: bred from 4 phrases."],
  ] as const) {
    show(closed, opened);
    expect(screen.getByTestId("bred").textContent.trim()).toBe("Generation 4: bred from 4 phrases.");
    cleanup();
    show(closed, opened, answered);
    expect(screen.getByTestId("bred").textContent.trim()).toBe(told);
    cleanup();
  }
});

test("the page goes on by itself once the next generation is here, and not before", async () => {
  show(closed);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(continueOn).not.toHaveBeenCalled();
  cleanup();
  show(closed, opened);
  await vi.advanceTimersByTimeAsync(7_100);
  expect(continueOn).toHaveBeenCalledOnce();
});

test("it waits for the winner to end, and for whoever is at it with the pointer or the keys", async () => {
  [player.key, player.status] = [winnerKey(107), "playing"];
  show(closed, opened);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(continueOn).not.toHaveBeenCalled();
  player.status = "ready";
  await vi.advanceTimersByTimeAsync(3_000);
  await fireEvent.focusIn(screen.getByTestId("continue"));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(continueOn).not.toHaveBeenCalled();
  await fireEvent.focusOut(screen.getByTestId("continue"));
  await vi.advanceTimersByTimeAsync(7_100);
  expect(continueOn).toHaveBeenCalledOnce();
});

test("who was at it and has been still for half a minute goes on with the others", async () => {
  show(closed, opened);
  await fireEvent.focusIn(screen.getByTestId("continue"));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(continueOn).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(7_200);
  expect(continueOn).toHaveBeenCalledOnce();
});
