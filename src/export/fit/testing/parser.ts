/** fit-file-parser as the tests ask it. */
import FitParser from "fit-file-parser";

type Parsed = Record<string, unknown>;

type Messages = Readonly<Record<string, Parsed[]>>;

/** The messages of each file that was read: many tests look at the same one, and reading it takes longest. */
const read = new WeakMap<Uint8Array, Messages>();

/** Returns the messages of fit-file-parser by their kind. @throws Error when it refuses the file */
export function parser(bytes: Uint8Array): Messages {
  const messages = read.get(bytes) ?? parsed(bytes);
  read.set(bytes, messages);
  return messages;
}

function parsed(bytes: Uint8Array): Messages {
  let outcome: { error: unknown; messages: unknown } | undefined;
  new FitParser({ force: false, includeUnmappedMessages: true }).parse(Buffer.from(bytes), (error, data) => {
    // As JSON, times are texts.
    outcome = { error, messages: data && JSON.parse(JSON.stringify(data.messages)) };
  });
  if (!outcome?.messages) throw new Error(`fit-file-parser: ${String(outcome?.error)}`);
  return outcome.messages as Messages;
}
