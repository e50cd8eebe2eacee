/**
 * Lowers the priority of a worker thread: requests are answered before bodies are read. Only Linux has priorities for
 * threads.
 */
import { readlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export function lowerPriority(): void {
  if (process.platform !== "linux") return;
  try {
    const thread = Number(path.basename(readlinkSync("/proc/thread-self")));
    os.setPriority(thread, os.constants.priority.PRIORITY_LOW);
  } catch {
    // Some sandboxes have no /proc; then the priority stays as it is.
  }
}
