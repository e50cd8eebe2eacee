/**
 * The number of bytes written to a socket that have not reached the other side. Node only reports when the
 * operating system has taken the bytes, and the system buffers up to 4 MB of them; Linux's table of connections
 * says how many of those are unacknowledged.
 */
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";

const tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

/** Returns the bytes in the system's send queue; 0 where that is unknown. */
export async function unacknowledgedBytes({ localPort, remotePort }: Socket): Promise<number> {
  if (process.platform !== "linux" || localPort === undefined || remotePort === undefined) return 0;
  const [local, remote] = [localPort, remotePort].map(portInHex);
  // "  12: 0100007F:1F90 0100007F:D431 01 <tx_queue>:<rx_queue> …": addresses, ports, state.
  const entry = new RegExp(String.raw`^ *\d+: \w+:${local} \w+:${remote} \w+ (\w+):`, "m");
  for (const table of tables) {
    const found = entry.exec(await readFile(table, "latin1").catch(() => ""));
    if (found !== null) return Number.parseInt(String(found[1]), 16);
  }
  return 0;
}

const portInHex = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0");
