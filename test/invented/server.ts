/** A tiny HTTP server: each invented provider brings its routes. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface AskedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export interface InventedServer {
  readonly url: string;
  readonly asked: readonly AskedRequest[];
  close(): Promise<void>;
}

/** Starts a server that calls `answer` for each request. An error is answered with 500 and its message. */
export async function startInvented(
  answer: (request: AskedRequest) => Reply | Promise<Reply>,
): Promise<InventedServer> {
  const asked: AskedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", "http://localhost");
    const { method = "GET", headers } = request;
    const heard = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") };
    asked.push(heard);
    const { status = 200, headers: extra = {}, json } = await replyTo(answer, heard);
    response.writeHead(status, { "content-type": "application/json", ...extra });
    response.end(json === undefined ? "" : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function replyTo(
  answer: (request: AskedRequest) => Reply | Promise<Reply>,
  request: AskedRequest,
): Promise<Reply> {
  try {
    return await answer(request);
  } catch (error) {
    return { status: 500, json: { error: String(error) } };
  }
}

/** Returns the days within a query's range, by their own dates. */
export function daysBetween<Day extends { readonly day: string }>(url: URL, days: readonly Day[]): Day[] {
  const [from = "", to = ""] = [url.searchParams.get("from"), url.searchParams.get("to")].map(String);
  return days.filter(({ day }) => from <= day && day <= to);
}
