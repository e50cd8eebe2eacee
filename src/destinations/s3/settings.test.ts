import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import s3 from "./index.ts";

const given = {
  bucket: "systole-test",
  region: "us-east-1",
  access_key_id: "AKIDEXAMPLE",
  secret_access_key: "secret",
};

describe("the settings", () => {
  it.each([
    { bucket: "a/b" },
    { bucket: "../x" },
    { bucket: "" },
    { region: "us-east-1.evil.example/" },
    { endpoint: "ftp://example.com" },
    { endpoint: "https://user:password@example.com" },
    { endpoint: "https://example.com/?x=1" },
    { prefix: "a/../b" },
    { prefix: "a b" },
    { compression: "brotli" },
    { acess_key_id: "misspelt" },
  ])("are refused: %o", (changes) => {
    expect(s3.settings.safeParse({ ...given, ...changes }).success).toBe(false);
  });

  it("are few for AWS", () => {
    expect(s3.settings.parse(given)).toEqual({ ...given, compression: "none" });
  });
});

it("README.md has every setting", () => {
  const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| (?=required|optional|`)/gm)].map(([, name]) => name);
  expect(rows).toEqual(Object.keys(s3.settings.shape));
});
