/** Writes messages as the bytes of a FIT file. */
import { FitEncoder } from "fit-file-parser";
import type { Message } from "./message.ts";

/** One file of a record. */
export interface FitFile {
  /** The word for its file's name. */
  readonly kind: "activity" | "weight" | "blood_pressure" | "monitoring" | "sleep";
  readonly messages: readonly Message[];
}

/** FIT 2.0. The encoder's own default, 2, is no version in the form that readers expect. */
const protocolVersion = 0x20;
/** The profile that our field numbers are from: 21.188. */
const profileVersion = 21188;
const localNumbers = 16;

/**
 * Returns the file. Each definition stays under a local number of its own for as long as there are numbers, so that
 * messages whose fields alternate do not repeat their definitions.
 */
export function writeFit(messages: Iterable<Message>): Buffer {
  const encoder = new FitEncoder({ protocolVersion, profileVersion });
  const locals = new Map<string, number>();
  for (const message of messages) {
    const { definition } = message;
    const local = locals.get(definition) ?? locals.size % localNumbers;
    locals.set(definition, local);
    encoder.writeMessage(message.spec.number, message.fields, local);
  }
  return Buffer.from(encoder.close());
}
