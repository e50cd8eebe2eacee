import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ExportFolder } from "./export-state.ts";
import { UsageError } from "./usage.ts";

let above: string;
beforeEach(() => {
  above = mkdtempSync(path.join(os.tmpdir(), "systole-export-state-"));
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

const wanted = { format: "json", url: "http://one", environment: null, user: null, since: null, until: null };
const out = (): string => path.join(above, "out");

test("nothing is written, read or cut outside the folder, whatever a server calls it", async () => {
  const folder = await ExportFolder.open(out(), wanted);
  for (const name of ["../x", "a/../../x", path.join(above, "x"), "../out-beside/x", "."]) {
    await expect(folder.write(name, Buffer.from("x")), name).rejects.toThrow(UsageError);
    await expect(folder.append(name, "x"), name).rejects.toThrow(UsageError);
    expect(() => folder.read(name), name).toThrow(UsageError);
  }
  expect(existsSync(path.join(above, "x"))).toBe(false);
  writeFileSync(path.join(above, "other"), "kept");
  folder.state.files["../other"] = 0;
  await folder.save();
  await expect(ExportFolder.open(out(), wanted)).rejects.toThrow(UsageError);
});
