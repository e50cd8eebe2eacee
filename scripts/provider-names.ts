/** Checks that modules shared by all providers name none of them. Fails with each line that does. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { providers } from "../src/providers/registry.ts";

export interface Named {
  readonly line: number;
  readonly word: string;
}

/** Returns slug, names and APIs of providers; of an API like "accesslink-v3" also the name without its version. */
export function wordsOf(
  known: readonly {
    slug: string;
    name: string;
    displayName: string;
    apis: Readonly<Record<string, unknown>>;
  }[],
): string[] {
  const words = known.flatMap(({ slug, name, displayName, apis }) => [
    slug,
    name,
    displayName,
    ...Object.keys(apis).flatMap((api) => [api, api.replace(/-?v\d+$/i, "")]),
  ]);
  return [...new Set(words.map(plain))].filter((word) => word !== "");
}

/**
 * Returns words in lower case with one space between them: `configurePolar`, `POLAR_CLIENT_ID` and `polar-v3`
 * alike.
 */
const plain = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();

/** MySQL's name of a row format is an API's name without its version by chance. */
const otherMeanings = /ROW_FORMAT = DYNAMIC/g;

export function namedIn(text: string, words: readonly string[]): Named[] {
  return text.split("\n").flatMap((line, index) => {
    const padded = ` ${plain(line.replaceAll(otherMeanings, ""))} `;
    return words.filter((word) => padded.includes(` ${word} `)).map((word) => ({ line: index + 1, word }));
  });
}

const shared =
  /^src\/([^/]+|(ingest|connections|api|store|delivery|destinations|models|telemetry|security|demo|cli|requests|terra|sync)\/.+|providers\/([^/]+|(contract|kit)\/.+)|sandbox\/([^/]+|kit\/.+))\.ts$/;
const isTest = (file: string): boolean =>
  /\.(test|fixture|gen)\.ts$|\/testing\/|^src\/providers\/conformance/.test(file);

export const isShared = (file: string): boolean => shared.test(file) && !isTest(file);

if (import.meta.main) {
  const root = path.resolve(import.meta.dirname, "..");
  const listed = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "src"];
  const files = execFileSync("git", listed, { cwd: root, encoding: "utf8" }).split("\n").filter(isShared);
  const words = wordsOf(providers);
  const found = files.flatMap((file) =>
    namedIn(readFileSync(path.join(root, file), "utf8"), words).map(
      ({ line, word }) => `${file}:${line} names ${word}`,
    ),
  );
  for (const line of found) process.stderr.write(`${line}\n`);
  if (found.length > 0 || files.length === 0) process.exitCode = 1;
}
