/** The Python code of a README, run as it is printed, and the output that is printed below it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { type Python, usePython } from "../../test/servers/python.ts";
import { isUnavailable, type Unavailable } from "../../test/servers/server.ts";

export interface Printed {
  readonly script: string;
  readonly output: string;
}

export function printedIn(directory: string): readonly Printed[] {
  const readme = readFileSync(path.join(directory, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```python\n(.*?)```\n\n```text\n(.*?)```/gs)];
  return blocks.map(([, script = "", output = ""]) => ({ script, output }));
}

let python: Promise<Python | Unavailable> | null = null;

export function pythonOrNone(): Promise<Python | Unavailable> {
  python ??= usePython();
  return python;
}

/** `given`: a reader's own values, by the text that is printed in their place. */
export async function expectPrinted(
  { run }: Python,
  { script, output }: Printed,
  given: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const filled = Object.entries(given).reduce((text, [printed, own]) => {
    expect(text).toContain(printed);
    return text.replaceAll(printed, own);
  }, script);
  expect(words(await run(filled, environment))).toEqual(words(output));
}

const words = (text: string): string[][] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));

export { isUnavailable };
