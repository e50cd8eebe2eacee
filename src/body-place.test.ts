import path from "node:path";
import { expect, it } from "vitest";
import { bodyPlace } from "./body-place.ts";

it.each([
  ["postgres", { kind: "rows", directory: path.join("data", "bodies") }],
  ["file:/srv/systole", { kind: "directory", directory: path.resolve("/srv/systole") }],
  ["file:///srv/systole", { kind: "directory", directory: path.resolve("/srv/systole") }],
  ["kept/here", { kind: "directory", directory: path.resolve("kept/here") }],
  [
    "s3://bucket/prefix?region=r",
    {
      kind: "bucket",
      url: new URL("s3://bucket/prefix?region=r"),
      incoming: path.join("data", "bodies", "incoming"),
    },
  ],
])("bodies of %s", (place, expected) => {
  expect(bodyPlace({ SYSTOLE_BODY_STORE: place, SYSTOLE_DATA_DIR: "data" })).toEqual(expected);
});
