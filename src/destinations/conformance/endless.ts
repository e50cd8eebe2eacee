/**
 * A server whose answers have no end: it sends as long as the other side reads, or so many bytes over each
 * connection.
 */
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Address, EndlessAnswer } from "./target.ts";

export interface EndlessServer {
  readonly address: Address;
  /** Bytes that were sent so far, including those in the buffers between the two sides. */
  readonly sentBytes: number;
  close(): Promise<void>;
}

/** A sender that reads so much has no limit. */
const mostBytes = 256 * 1_024 * 1_024;
const filler = Buffer.alloc(65_536, "a");

export async function startEndless(
  { begins, speaksFirst = false }: EndlessAnswer,
  eachBytes = mostBytes,
): Promise<EndlessServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).resume();
    const speak = (): void => {
      socket.write(begins);
      pour(socket, eachBytes);
    };
    if (speaksFirst) speak();
    else socket.once("data", speak);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    get sentBytes() {
      return [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pour(socket: Socket, bytes: number): void {
  while (!socket.destroyed && socket.bytesWritten < bytes) {
    if (socket.write(filler)) continue;
    socket.once("drain", () => pour(socket, bytes));
    return;
  }
  socket.end();
}
