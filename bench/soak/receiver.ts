/** A webhook receiver that can fail in every way a developer's can, and counts what it was sent. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

const troubles = ["fails", "hangs", "answers garbage", "breaks off", "is down"] as const;
export type ReceiverTrouble = (typeof troubles)[number];

/** The deliveries of one event id. */
export interface Received {
  times: number;
  /** Hashes of ids and body; more than one means that a repetition differed. */
  readonly prints: Set<string>;
}

export class SoakReceiver {
  readonly troubles = troubles;
  /** The accepted events by id. */
  readonly events = new Map<string, Received>();
  #server: Server | null = null;
  #port = 0;
  #trouble: ReceiverTrouble | null = null;

  static async start(): Promise<SoakReceiver> {
    const receiver = new SoakReceiver();
    await receiver.#listen();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  async begin(trouble: ReceiverTrouble): Promise<void> {
    this.#trouble = trouble;
    if (trouble === "is down") await this.close();
  }

  async end(): Promise<void> {
    this.#trouble = null;
    if (this.#server === null) await this.#listen();
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const trouble = this.#trouble;
    if (trouble === null) {
      this.#take(request, body);
      response.end("taken");
    } else if (trouble === "fails") {
      response.writeHead(500).end("out of order");
    } else if (trouble === "answers garbage") {
      response.socket?.end("\0\xff not HTTP at all\r\n\r\n");
    } else if (trouble === "breaks off") {
      // Accepted, but the answer is lost: this makes duplicates.
      this.#take(request, body);
      response.socket?.resetAndDestroy();
    }
  }

  #take({ headers }: IncomingMessage, body: Buffer): void {
    const id = String(headers["webhook-id"]);
    const known = this.events.get(id) ?? { times: 0, prints: new Set<string>() };
    known.times++;
    const ids = [
      headers["x-terra-trace-id"],
      headers["terra-reference"],
      headers["x-terra-ordering-timestamp"],
    ];
    known.prints.add(createHash("sha256").update(ids.join(" ")).update(body).digest("base64"));
    this.events.set(id, known);
  }
}
