/** The conditions on which a version is released. */
import { inOrderOf } from "../test/upgrades/versions.ts";
import { releasedChangelog } from "./version.ts";

interface State {
  /** The output of `git status --porcelain`. */
  readonly changes: string;
  readonly tags: readonly string[];
  readonly changelog: string;
}

/** @throws with what keeps this version from being released */
export function assertReleasable(version: string, { changes, tags, changelog }: State): void {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error("Which version? npm run release -- 0.2.0");
  if (changes !== "") throw new Error("There are changes that are not committed");
  const newest = tags
    .map((tag) => tag.replace(/^v/, ""))
    .toSorted(inOrderOf)
    .at(-1);
  if (newest !== undefined && inOrderOf(version, newest) <= 0)
    throw new Error(`${newest} is released already`);
  releasedChangelog(changelog, version, "");
}
