/** The version is the same in every file that has it, and `npm version` keeps it so. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import lock from "../package-lock.json" with { type: "json" };
import { assertReleasable } from "../scripts/releasable.ts";
import { places, releasedChangelog, withVersion } from "../scripts/version.ts";
import { keptVersions } from "./upgrades/kept.ts";

const read = (file: string): string => readFileSync(path.resolve(import.meta.dirname, "..", file), "utf8");

describe("the version", () => {
  it("is that of package.json everywhere", () => {
    expect(lock.version).toBe(manifest.version);
    for (const file of Object.keys(places)) {
      expect(withVersion(file, read(file), manifest.version), file).toBe(read(file));
      expect(withVersion(file, read(file), "9.8.7"), file).toContain("9.8.7");
    }
    expect(() => withVersion("deploy/compose.yaml", "", "9.8.7")).toThrow("no place");
  });

  it("and the day go into the changelog, below an empty Unreleased", () => {
    const before =
      "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] – 2026-01-01\n\n- First.\n";
    const after = releasedChangelog(before, "0.2.0", "2026-02-02");
    expect(after).toBe(
      "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] – 2026-02-02\n\n### Added\n\n- A thing.\n\n## [0.1.0] – 2026-01-01\n\n- First.\n",
    );
    expect(() => releasedChangelog(after, "0.3.0", "2026-03-03")).toThrow("nothing under Unreleased");
    expect(() => releasedChangelog("# Changelog\n", "0.3.0", "2026-03-03")).toThrow();
  });

  it("is the newest in the changelog just after a release; later there is something to release", () => {
    const changelog = read("CHANGELOG.md");
    const [, newest] = /^## \[Unreleased\]\s+## \[(.+?)\]/m.exec(changelog) ?? [];
    if (newest !== undefined) return expect(newest).toBe(manifest.version);
    expect(releasedChangelog(changelog, "9.8.7", "2026-01-01")).toContain("## [9.8.7] – 2026-01-01\n\n");
  });

  it("of each release has its database kept for the test of upgrades", () => {
    const released = [...read("CHANGELOG.md").matchAll(/^## \[(\d+\.\d+\.\d+)\]/gm)].map(
      ([, version]) => version,
    );
    expect(keptVersions()).toEqual(expect.arrayContaining(released));
  });

  it("can be released when everything is committed, it is newer, and the changelog says something", () => {
    const changelog = "## [Unreleased]\n\n- New.\n";
    const state = { changes: "", tags: ["v0.9.0", "v0.10.0"], changelog };
    expect(() => assertReleasable("0.10.1", state)).not.toThrow();
    expect(() => assertReleasable("0.1.0", { ...state, tags: [] })).not.toThrow();
    expect(() => assertReleasable("0.9.1", state)).toThrow("0.10.0 is released already");
    expect(() => assertReleasable("0.10.0", state)).toThrow("0.10.0 is released already");
    expect(() => assertReleasable("v1", state)).toThrow("Which version");
    expect(() => assertReleasable("1.0.0", { ...state, changes: " M README.md" })).toThrow("not committed");
    expect(() => assertReleasable("1.0.0", { ...state, changelog: "## [Unreleased]\n" })).toThrow("nothing");
  });

  it("has its script, which npm runs after it has changed package.json", () => {
    expect(manifest.scripts.version).toBe("node scripts/run.mjs scripts/version.ts");
  });
});
