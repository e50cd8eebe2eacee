import { expect, it } from "vitest";
import { ProviderError } from "../../providers/provider.ts";
import type { PayloadSplits } from "../payload-splits.ts";
import { StoppedError } from "../stopped.ts";
import { readSplit } from "./rebuild.ts";

const read = (error: Error) =>
  readSplit({ of: () => Promise.reject(error) } as unknown as PayloadSplits, {
    rawPayloadId: "0",
    resource: "night",
    resourceKey: "2025-03-01",
  });

it.each([
  ["PROVIDER_BODY_INVALID", new ProviderError("PROVIDER_BODY_INVALID", "never", {})],
  ["INTERNAL", new TypeError("a bug")],
] as const)("a payload that cannot be read is reported (%s)", async (code, error) => {
  expect(await read(error)).toEqual({ parts: [], code });
});

it.each([
  ["the database is away", Object.assign(new Error("shut down"), { code: "57P01" })],
  ["the process stops", new StoppedError()],
])("no payload is passed over because %s", async (_, error) => {
  await expect(read(error)).rejects.toBe(error);
});
