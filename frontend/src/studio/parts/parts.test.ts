import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { describe, expect, test, vi } from "vitest";
import { ApiError } from "../http";
import { Resource } from "../resource.svelte";
import type { Column } from "../table";
import Confirm from "./Confirm.svelte";
import DataTable from "./DataTable.svelte";
import Loaded from "./Loaded.svelte";

interface Take {
  id: number;
  name: string;
  notes: number | null;
}

const takes: Take[] = [
  { id: 1, name: "take 10", notes: 80 },
  { id: 2, name: "take 9", notes: null },
  { id: 3, name: "Étude", notes: 210 },
];
const columns: Column<Take>[] = [
  { key: "name", title: "Name", value: (row) => row.name },
  { key: "notes", title: "Notes", value: (row) => row.notes, isNumber: true },
];
const cell = createRawSnippet<[Take, string]>((row, key) => ({
  render: () => `<span>${key() === "name" ? row().name : (row().notes ?? "")}</span>`,
}));

describe("a table", () => {
  const first = (): string[] =>
    screen.getAllByTestId("take").map((row) => row.querySelector("td:not(.opener)")?.textContent.trim() ?? "");

  test("is sorted by the head that is pressed, numbers from the largest, and says so", async () => {
    render(DataTable<Take>, { rows: takes, columns, caption: "Takes", keyOf: (row: Take) => row.id, cell, rowTestid: "take" });
    expect(first()).toEqual(["take 10", "take 9", "Étude"]);
    await fireEvent.click(screen.getByRole("button", { name: "Notes" }));
    expect(first()).toEqual(["Étude", "take 10", "take 9"]);
    expect(screen.getByRole("columnheader", { name: "Notes" }).getAttribute("aria-sort")).toBe("descending");
    await fireEvent.click(screen.getByRole("button", { name: "Name" }));
    expect(first()).toEqual(["Étude", "take 9", "take 10"]);
  });

  test("opens one row at a time, by its button and anywhere on it", async () => {
    const detail = createRawSnippet<[Take]>((row) => ({ render: () => `<p>all about ${row().name}</p>` }));
    render(DataTable<Take>, {
      rows: takes,
      columns,
      caption: "Takes",
      keyOf: (row: Take) => row.id,
      nameOf: (row: Take) => row.name,
      cell,
      detail,
      rowTestid: "take",
    });
    const opener = screen.getByRole("button", { name: "Details of take 9" });
    await fireEvent.click(opener);
    expect(opener.getAttribute("aria-expanded")).toBe("true");
    expect(screen.getByText("all about take 9")).toBeTruthy();
    await fireEvent.click(screen.getByText("Étude"));
    expect(screen.getByText("all about Étude")).toBeTruthy();
    expect(screen.queryByText("all about take 9")).toBeNull();
  });
});

describe("a question before something is deleted", () => {
  const question = { question: "Delete “Takes”?", text: "Its 3 files will be gone.", verb: "Delete dataset" };

  test("names the thing and does it once", async () => {
    const act = vi.fn(() => Promise.resolve());
    render(Confirm, { isOpen: true, ...question, act });
    const dialog = screen.getByTestId("confirm");
    expect(within(dialog).getByRole("heading", { hidden: true }).textContent).toBe("Delete “Takes”?");
    await fireEvent.click(screen.getByTestId("confirm-yes"));
    expect(act).toHaveBeenCalledTimes(1);
    await waitFor(() => {
      expect(screen.queryByTestId("confirm-yes")).toBeNull();
    });
  });

  test("stays open and tells why when it could not be done", async () => {
    const act = (): Promise<never> => Promise.reject(new ApiError(409, "conflict", "A run still uses it."));
    render(Confirm, { isOpen: true, ...question, act });
    await fireEvent.click(screen.getByTestId("confirm-yes"));
    expect(await screen.findByText("A run still uses it.")).toBeTruthy();
    expect(screen.getByTestId("confirm-yes")).toBeTruthy();
  });
});

describe("something fetched", () => {
  const shown = createRawSnippet<[string]>((data) => ({ render: () => `<p>${data()}</p>` }));

  test("says why it did not come, and comes when tried again", async () => {
    const fetch = vi.fn(() => Promise.resolve("Takes"));
    fetch.mockRejectedValueOnce(new ApiError(500, "internal", "Something went wrong."));
    const resource = new Resource("failing once", fetch);
    render(Loaded<string>, { resource, children: shown });
    await resource.load();
    await fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Takes")).toBeTruthy();
    expect(screen.queryByTestId("load-failure")).toBeNull();
  });

  test("is kept when the next fetch fails, and for the next visit", async () => {
    const fetch = vi.fn(() => Promise.resolve("Takes"));
    const resource = new Resource("kept", fetch);
    await resource.load();
    fetch.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await resource.load();
    expect(resource.data).toBe("Takes");
    expect(resource.error?.isUnreachable).toBe(true);
    expect(new Resource("kept", fetch).data).toBe("Takes");
    resource.forget();
    expect(new Resource("kept", fetch).data).toBeUndefined();
  });

  test("an answer that comes late does not replace a newer one", async () => {
    let answerFirst: (value: string) => void = () => undefined;
    const answers = [new Promise<string>((resolve) => (answerFirst = resolve)), Promise.resolve("newer")];
    const resource = new Resource("late", () => answers.shift() ?? Promise.resolve("more"));
    const first = resource.load();
    await resource.load();
    answerFirst("older");
    await first;
    expect(resource.data).toBe("newer");
  });
});
