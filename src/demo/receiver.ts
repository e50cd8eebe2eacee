/** A webhook receiver as a developer would write it: verifies the signature over the raw body, then answers. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SystoleError } from "../errors.ts";
import { keepAliveTimeout } from "../keep-alive.ts";
import { verifyTerraSignature } from "../receivers/terra-signature.ts";

export interface ReceivedEvent {
  readonly type: string;
  /** Whether `terra-signature` is genuine and fresh. */
  readonly verified: boolean;
  readonly bytes: number;
  readonly body: Record<string, unknown>;
}

export interface Receiver {
  readonly url: string;
  /** The secret of the destination; known only after it was created. */
  secret: string;
  close(): Promise<void>;
}

export async function startReceiver(onEvent: (event: ReceivedEvent) => void, port = 0): Promise<Receiver> {
  const server = createServer({ keepAliveTimeout }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const verified = isGenuine(request, raw, receiver.secret);
    response.writeHead(verified ? 200 : 401).end();
    const body = parsed(raw);
    onEvent({ type: String(body.type ?? "?"), verified, bytes: raw.length, body });
  });
  await listen(server, port);
  const address = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/webhook`,
    secret: "",
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** @throws SystoleError PORT_IN_USE */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new SystoleError("PORT_IN_USE", { port, option: "--port" }, { cause })),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** Parses a body. Anyone may post anything here: a body that is not a JSON object has no fields. */
function parsed(raw: Buffer): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(raw.toString("utf8"));
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isGenuine({ headers }: IncomingMessage, body: Buffer, secret: string): boolean {
  const header = headers["terra-signature"];
  const signature = typeof header === "string" ? header : null;
  return verifyTerraSignature({ signature, body }, [secret], new Date()) === "verified";
}
