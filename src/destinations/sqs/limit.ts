/** The size limit of messages, asked for and remembered for a while. */
import { DeliveryError } from "../destination.ts";
import { defaultLimit, type Queue } from "./queue.ts";
import type { Settings } from "./settings.ts";

export interface Limit {
  /** @throws DeliveryError */
  bytes(signal: AbortSignal): Promise<number>;
  /** Remembers the limit that the queue named when it refused a message. */
  learn(bytes: number): void;
}

const believedMs = 300_000;

export function messageLimit(settings: Settings, queue: Queue): Limit {
  let known: { readonly bytes: number; readonly until: number } | null = null;
  const learn = (bytes: number): void => {
    known = { bytes, until: Date.now() + believedMs };
  };
  return {
    learn,
    async bytes(signal) {
      if (known !== null && known.until > Date.now()) return known.bytes;
      const bytes = settings.max_message_bytes ?? (await readIfAllowed(queue, signal));
      learn(bytes);
      return bytes;
    },
  };
}

async function readIfAllowed(queue: Queue, signal: AbortSignal): Promise<number> {
  try {
    return await queue.readLimit(signal);
  } catch (error) {
    if (error instanceof DeliveryError && error.code === "DESTINATION_PERMISSION_MISSING")
      return defaultLimit;
    throw error;
  }
}
