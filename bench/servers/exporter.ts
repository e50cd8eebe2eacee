/** `systole export` in a process of its own: "export" runs it and answers the milliseconds. */
import { rm } from "node:fs/promises";
import { runExport } from "../../src/cli/export.ts";
import { serve } from "../support/serve.ts";

const out = process.env.OUT ?? "";
const days = process.env.SINCE === undefined ? [] : ["--since", process.env.SINCE];

async function exported(): Promise<number> {
  // A folder with a finished export would have nothing left to do.
  await rm(out, { recursive: true, force: true });
  const began = performance.now();
  const said: string[] = [];
  const code = await runExport(["--format", "fhir-ndjson", "--out", out, ...days], {
    out: { write: () => {} },
    err: { write: (text) => said.push(text) },
    env: process.env,
    signal: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`The export ended with ${code}: ${said.at(-1)}`);
  return performance.now() - began;
}

serve({ url: "none", close: async () => {}, answers: { export: exported } });
