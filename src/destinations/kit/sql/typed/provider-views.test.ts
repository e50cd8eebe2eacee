import { describe, expect, it } from "vitest";
import type { ProviderKey } from "../../../../models/index.ts";
import type { Table } from "../tables.ts";
import { changedViews } from "../views.ts";
import { typedLayout } from "./layout.ts";
import { providerKeyTable } from "./provider-key-table.ts";
import { providerViews } from "./provider-views.ts";

const sleep: Table = {
  name: "systole_sleep",
  key: ["record_id"],
  columns: ["record_id", "user_id", "provider_data"].map((name) => ({ name, type: "text" })),
};
const key = (resource: string, path: string, more: Partial<ProviderKey> = {}): ProviderKey => ({
  provider: "acme",
  type: "sleep",
  resource,
  path,
  kind: "number",
  what: `${path} in ms`,
  ...more,
});
const made = (...keys: ProviderKey[]) => providerViews(new Map([["sleep", sleep]]), keys);

describe("the views of provider_data", () => {
  it("have a column for each key, by resource and path", () => {
    const [view] = made(key("night-score", "level.low"), key("night-score", "note", { kind: "text" }));
    expect(view).toMatchObject({ name: "systole_sleep_acme", kept: ["record_id", "user_id"], list: null });
    expect(view?.columns).toEqual([
      {
        name: "night_score_level_low",
        path: ["acme", "night-score", "level", "low"],
        kind: "number",
        comment: "level.low in ms",
      },
      {
        name: "night_score_note",
        path: ["acme", "night-score", "note"],
        kind: "text",
        comment: "note in ms",
      },
    ]);
  });

  it("have a row for each item of a list, where items of several kinds share a column", () => {
    const [view] = made(key("run", "series[kind=1].data"), key("run", "series[kind=2].data"));
    expect(view).toMatchObject({ name: "systole_sleep_acme_run_series", list: ["acme", "run", "series"] });
    expect(view?.columns).toEqual([
      {
        name: "data",
        path: ["data"],
        kind: "number",
        comment:
          "series[kind=1].data: series[kind=1].data in ms; series[kind=2].data: series[kind=2].data in ms",
      },
    ]);
  });

  it("keep lists within items, and maps, as JSON", () => {
    const views = made(key("test", "beats[].ms", { several: true }), key("night", "levels{}"));
    expect(views.map(({ list, columns }) => [list, columns.map(({ path, kind }) => [path, kind])])).toEqual([
      [["acme", "test"], [[["beats"], "json"]]],
      [null, [[["acme", "night", "levels"], "json"]]],
    ]);
  });

  it("are distinguished from those of another version by their stored description", () => {
    const before = made(key("night", "a"), key("run", "series[].b"));
    const after = made(key("night", "a", { kind: "text" }), key("run", "series[].b"));
    const [was = [], is = []] = [before, after].map((views) => providerKeyTable(views).contents);
    expect(changedViews(after, is, was)).toEqual(new Set(["systole_sleep_acme"]));
  });

  it("have names that both servers take without quotes, each once", () => {
    const { tables, views } = typedLayout();
    const names = [...tables, ...views].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(views.length).toBeGreaterThan(10);
    for (const { name, columns, kept } of views) {
      const inside = [...kept, ...columns.map((column) => column.name)];
      expect(new Set(inside).size).toBe(inside.length);
      for (const one of [name, ...inside]) expect(one).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
    }
  });
});
