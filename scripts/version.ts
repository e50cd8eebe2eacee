/**
 * The `version` script of package.json, which `npm version` runs: puts the new version into the other files that have
 * it, and gives the changelog's *Unreleased* its number and day.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const unreleased = "## [Unreleased]\n";

/** @throws when there is nothing to release */
export function releasedChangelog(text: string, version: string, day: string): string {
  const start = text.indexOf(unreleased);
  const content = text.slice(start + unreleased.length).split(/^## \[/m)[0] ?? "";
  if (start < 0 || content.trim() === "") throw new Error("CHANGELOG.md has nothing under Unreleased");
  return text.replace(unreleased, `${unreleased}\n## [${version}] – ${day}\n`);
}

/** Each file, and where the version stands in it. */
export const places: Readonly<Record<string, readonly RegExp[]>> = {
  "deploy/helm/systole/Chart.yaml": [/(?<=^version: ).*$/m, /(?<=^appVersion: ).*$/m],
  "deploy/compose.yaml": [/(?<=^ {4}image: systole:).*$/m],
};

/** @throws when a file has no such place */
export function withVersion(file: string, text: string, version: string): string {
  return (places[file] ?? []).reduce((changed, place) => {
    if (!place.test(changed)) throw new Error(`${file} has no place for the version`);
    return changed.replace(place, version);
  }, text);
}

if (process.argv[1] === import.meta.filename) {
  const root = path.resolve(import.meta.dirname, "..");
  const change = (file: string, by: (text: string) => string): void => {
    const target = path.join(root, file);
    writeFileSync(target, by(readFileSync(target, "utf8")));
  };
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    version: string;
  };
  const day = new Date().toISOString().slice(0, 10);
  for (const file of Object.keys(places)) change(file, (text) => withVersion(file, text, version));
  change("CHANGELOG.md", (text) => releasedChangelog(text, version, day));
  process.stdout.write(
    `${version}: ${Object.keys(places).join(", ")}, CHANGELOG.md. Read the changelog through.\n`,
  );
}
