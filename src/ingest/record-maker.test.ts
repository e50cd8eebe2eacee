import { beforeEach, describe, expect, it } from "vitest";
import { cairn } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { parsingOf } from "../../test/support/parsing.ts";
import type { Normalizer, Part } from "../providers/provider.ts";
import type { PartSource } from "../store/raw-parts.ts";
import type { Split } from "./payload-splits.ts";
import { type GatheredParts, gatherParts, makeRecord } from "./record-maker.ts";
import type { RecordTarget } from "./record-targets.ts";
import { StoppedError } from "./stopped.ts";

const person = new CairnPerson();
const day = "2025-03-01";
const part = (resource: string, value: unknown): Part => ({ resource, key: day, value });
const source = (resource: string, rawPayloadId: string): PartSource => ({
  resource,
  partKey: day,
  rawPayloadId,
  resourceKey: "*",
});

let normalizer: Normalizer;
let target: RecordTarget;
beforeEach(() => {
  normalizer = cairn.normalizers[0] as Normalizer;
  target = { type: "daily", naturalKey: day, normalizer };
});

describe("the parts of a record", () => {
  const gather = (sources: readonly PartSource[], payloads: Readonly<Record<string, Split>>) =>
    gatherParts(target, {
      sourcesOf: ({ resource, key }) =>
        sources.filter((one) => one.resource === resource && one.partKey === key),
      grown: [],
      read: async ({ rawPayloadId }) => payloads[rawPayloadId] ?? { parts: [], code: "RECORD_RAW_MISSING" },
    });
  const [days, note] = [part("day", { day, steps: 1 }), part("note", { text: "n" })];
  const sources = [source("note", "b"), source("day", "a")];

  it("come in the normaliser's order, whatever order they are stored in; those never fetched are absent", async () => {
    const payloads = { a: { parts: [days], code: null }, b: { parts: [note], code: null } };
    const all = await gather(sources, payloads);
    expect(all).toEqual({ parts: [days, note], sources: sources.toReversed(), grown: [], lost: null });
    expect((await gather([source("note", "b")], payloads)).parts).toEqual([note]);
    expect(await gather([], payloads)).toEqual({ parts: [], sources: [], grown: [], lost: null });
  });

  it("that can no longer be read are left out with the first reason, and their sources are named", async () => {
    const payloads = {
      a: { parts: [], code: "PROVIDER_BODY_INVALID" },
      b: { parts: [note], code: null },
    } as const;
    const all = await gather(sources, payloads);
    expect(all).toEqual({
      parts: [note],
      sources: sources.toReversed(),
      grown: [],
      lost: "PROVIDER_BODY_INVALID",
    });
    expect((await gather(sources, {})).lost).toBe("RECORD_RAW_MISSING");
  });

  it("that their body no longer has are lost too", async () => {
    const payloads = { a: { parts: [], code: null }, b: { parts: [note], code: null } };
    expect(await gather(sources, payloads)).toMatchObject({ parts: [note], lost: "RECORD_NOT_MADE" });
  });
});

describe("a record that is made", () => {
  const make = (gathered: Partial<GatheredParts>, known: { summaryId: string | null } | null = null) =>
    person.store.db
      .transaction()
      .execute((tx) =>
        makeRecord(
          { tx, id: person.id, provider: cairn, parsing: parsingOf(person.store) },
          target,
          { parts: [], sources: [], grown: [], lost: null, ...gathered },
          known,
        ),
      );
  const parts = [part("day", { day, steps: 12 })];

  it("names its payloads, each once and sorted, and its start and end", async () => {
    const made = await make({
      parts,
      sources: [source("note", "b"), source("day", "a"), source("note", "a")],
    });
    expect(made).toMatchObject({
      content: {
        type: "daily",
        naturalKey: day,
        mapperVersion: 1,
        rawPayloadIds: ["a", "b"],
        startTime: `${day}T00:00:00.000000Z`,
        endTime: `${day}T23:59:59.000000Z`,
      },
    });
    expect(String(made !== null && "content" in made && made.content.json)).toContain('"steps":12');
  });

  it("does not exist if its parts do not make one yet", async () => {
    expect(await make({ parts: [part("note", { text: "n" })] })).toBeNull();
  });

  it("is the normaliser's error if it failed", async () => {
    const made = await make({ parts: [part("day", { day, steps: -1 })] });
    expect(made).toMatchObject({ error: new TypeError("a mistake of ours") });
  });

  it("is neither of these when the process stops", async () => {
    target = {
      ...target,
      normalizer: {
        ...normalizer,
        normalize() {
          throw new StoppedError();
        },
      },
    };
    await expect(make({ parts })).rejects.toBeInstanceOf(StoppedError);
  });

  it("keeps its public id; a new one whose key is the provider's own id gets that", async () => {
    const summary = { metadata: { summary_id: "own", start_time: null, end_time: null } };
    target = {
      type: "sleep",
      naturalKey: "own",
      normalizer: { ...normalizer, type: "sleep", normalize: () => summary, hasOwnIds: true },
    };
    const idOf = async (known: { summaryId: string | null } | null) => {
      const made = await make({ parts }, known);
      return made !== null && "content" in made
        ? JSON.parse(String(made.content.json)).metadata.summary_id
        : made;
    };
    expect([await idOf(null), await idOf({ summaryId: "given before" })]).toEqual(["own", "given before"]);
  });
});
