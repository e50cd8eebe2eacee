/** fit-file-parser as the tests ask it. */
import FitParser from "fit-file-parser";

type Parsed = Record<string, unknown>;

/** Returns the messages of fit-file-parser by their kind. @throws Error when it refuses the file */
export function parser(bytes: Uint8Array): Record<string, Parsed[]> {
  let outcome: { error: unknown; messages: unknown } | undefined;
  new FitParser({ force: false, includeUnmappedMessages: true }).parse(Buffer.from(bytes), (error, data) => {
    // As JSON, times are texts.
    outcome = { error, messages: data && JSON.parse(JSON.stringify(data.messages)) };
  });
  if (!outcome?.messages) throw new Error(`fit-file-parser: ${String(outcome?.error)}`);
  return outcome.messages as Record<string, Parsed[]>;
}
