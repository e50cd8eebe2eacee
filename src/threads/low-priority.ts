/**
 * Lowers the priority of a worker thread: requests are answered before bodies are read. Only Linux has priorities for
 * threads. Not to the lowest: beside other programs that keep all cores busy, that is a hundredth of one, and a body of
 * a minute would take hours.
 */
import { readlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export function lowerPriority(): void {
  if (process.platform !== "linux") return;
  try {
    const thread = Number(path.basename(readlinkSync("/proc/thread-self")));
    os.setPriority(thread, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some sandboxes have no /proc; then the priority stays as it is.
  }
}
