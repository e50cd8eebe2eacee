/** A real HTTP server that answers as told and records its requests. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { keepAliveTimeout } from "../../../keep-alive.ts";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | object;
}

/** A reply, or a function that takes over the whole response: to hang, to break off, to stream. */
export type Behaviour = Reply | ((response: ServerResponse) => void);
export type Script = (asked: Asked) => Behaviour | Promise<Behaviour>;

export interface TestServer {
  readonly url: string;
  readonly asked: Asked[];
  script: Script;
  close(): Promise<void>;
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const isText = typeof body === "string" || body instanceof Buffer || body === undefined;
  response.writeHead(status, { "content-type": "application/json;charset=UTF-8", ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

export async function startServer(): Promise<TestServer> {
  const asked: Asked[] = [];
  const server = createServer({ keepAliveTimeout }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = "", url = "", headers } = request;
    const call = { method, url, headers, body: Buffer.concat(chunks).toString() };
    asked.push(call);
    const behaviour = await started.script(call);
    if (typeof behaviour === "function") behaviour(response);
    else send(response, behaviour);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const started: TestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    script: () => ({ status: 200, body: {} }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return started;
}
