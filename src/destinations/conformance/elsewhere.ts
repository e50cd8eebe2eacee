/** Deliveries from another process, as another worker makes them. */
import { spawn } from "node:child_process";
import path from "node:path";
import type { RecordFormatName } from "../../export/formats.ts";
import type { OutgoingEvent } from "../destination.ts";
import type { Settings } from "./target.ts";

/** The input of the child process. */
export interface Errand {
  readonly kind: string;
  readonly settings: Settings;
  readonly how: "singly" | "in batches";
  /** The record format of the destination; absent where it is Terra's. */
  readonly format?: RecordFormatName;
  readonly events: readonly (Omit<OutgoingEvent, "body" | "link" | "noteSent"> & { readonly body: string })[];
}

const child = path.join(import.meta.dirname, "deliver-child.ts");

/** Resolves when the process has delivered them all. @throws with its standard error */
export function deliverElsewhere(
  errand: Pick<Errand, "kind" | "settings" | "how" | "format">,
  events: readonly OutgoingEvent[],
): Promise<void> {
  const written = events.map((event) => ({ ...event, body: event.body.toString("base64") }));
  return new Promise((resolve, reject) => {
    const { stdin, stderr, ...running } = start();
    let said = "";
    stderr.on("data", (chunk: Buffer) => {
      said += chunk;
    });
    running.on("error", reject);
    running.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`ended with ${code}: ${said}`)),
    );
    stdin.on("error", reject);
    stdin.end(JSON.stringify({ ...errand, events: written } satisfies Errand));
  });
}

function start() {
  const running = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", child], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  return { stdin: running.stdin, stderr: running.stderr, on: running.on.bind(running) };
}
