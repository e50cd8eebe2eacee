/** A receiver that notes when each workout arrived. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export class Stopwatch {
  readonly url: string;
  readonly #server: Server;
  readonly #waiting = new Map<string, (at: number) => void>();

  static async start(): Promise<Stopwatch> {
    const server = createServer();
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Stopwatch(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    server.on("request", async (request, response) => {
      const at = performance.now();
      const summaryId = /"summary_id":"([^"]*)"/.exec(await text(request))?.[1] ?? "";
      response.end("ok");
      this.#waiting.get(summaryId)?.(at);
    });
  }

  /** Resolves to the time of the workout's arrival, on this process's clock. */
  arrival(summaryId: string): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.set(summaryId, (at) => {
        this.#waiting.delete(summaryId);
        resolve(at);
      });
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
