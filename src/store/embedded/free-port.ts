/**
 * Returns a port of 127.0.0.1 that nobody listens on. It lies below the ports from which systems take the local end of
 * an outgoing connection (from 32768 on Linux, 49152 elsewhere), so that none takes it before the server is there.
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
