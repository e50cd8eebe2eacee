/** A real HTTP receiver: keeps the requests and answers as the test says. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { keepAliveTimeout } from "../../src/keep-alive.ts";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly at: number;
}

/** Answers one request; `number` counts from 0. */
export type Answer = (response: ServerResponse, request: ReceivedRequest, number: number) => void;

export interface Receiver {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Connections accepted since the start. */
  readonly connections: number;
  answer(how: Answer): void;
  /** Waits until this many requests have arrived. */
  received(count: number, withinMs?: number): Promise<readonly ReceivedRequest[]>;
  close(): Promise<void>;
}

export const status =
  (code: number, headers: Record<string, string> = {}, body = "ok"): Answer =>
  (response) =>
    response.writeHead(code, headers).end(body);

/** Takes the request and never answers. */
export const hang: Answer = () => {};

export async function startReceiver(
  first: Answer = status(200),
  port = 0,
  tls?: ServerOptions,
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let answer = first;
  let connections = 0;
  const receive: RequestListener = (message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const request = {
        method: message.method ?? "",
        path: message.url ?? "",
        headers: message.headers,
        body: Buffer.concat(chunks),
        at: Date.now(),
      };
      answer(response, request, requests.push(request) - 1);
    });
  };
  const server =
    tls === undefined
      ? createServer({ keepAliveTimeout }, receive)
      : createTlsServer({ ...tls, keepAliveTimeout }, receive);
  server.on("connection", (socket) => {
    connections++;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}/hook?from=systole`,
    requests,
    get connections() {
      return connections;
    },
    answer(how) {
      answer = how;
    },
    received: (count, withinMs = 540_000) =>
      waitFor(() => requests.length >= count, withinMs).then(() => requests),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Waits until the condition is true. @throws when it does not become true in time. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  withinMs = 540_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
