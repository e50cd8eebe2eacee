/**
 * Returns a free port of 127.0.0.1. It lies below the range from which systems take the local end of outgoing
 * connections (from 32768 on Linux, 49152 elsewhere), so that no such connection takes it before the server
 * starts.
 */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const [lowest, highest] = [20_000, 32_000];

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(false) : reject(error),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
