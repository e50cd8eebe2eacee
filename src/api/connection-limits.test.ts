/** Tests clients that hold a connection open without sending a request. */
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../test/support/wait.ts";
import { usualLimits } from "./connection-limits.ts";
import { startTestApi, type TestApi } from "./testing/api.ts";

const connections = 8;
let api: TestApi;
beforeAll(async () => {
  const limits = { ...usualLimits, headersMs: 300, requestMs: 600, connections, checkMs: 50 };
  api = await startTestApi({ limits });
});
afterAll(() => api.close());

const open: Client[] = [];
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.destroy();
});

interface Client {
  readonly socket: Socket;
  received: string;
  ended: boolean;
}

function client(text = ""): Client {
  const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
  const made: Client = { socket, received: "", ended: false };
  socket.on("data", (chunk) => {
    made.received += chunk;
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    made.ended = true;
  });
  socket.write(text);
  open.push(made);
  return made;
}

const end = async (of: Client): Promise<string> => {
  await waitFor("the connection to be ended", () => of.ended);
  return of.received;
};

const headOfPost = () => {
  const { devId, apiKey } = api.environment;
  const credentials = `dev-id: ${devId}\r\nx-api-key: ${apiKey}\r\n`;
  return `POST /v2/bulkUserInfo HTTP/1.1\r\nhost: a\r\n${credentials}content-type: application/json\r\ncontent-length: 900\r\n\r\n`;
};

test.each([
  ["says nothing", () => ""],
  ["never ends its headers", () => "GET /healthz HTTP/1.1\r\nhost: a\r\n"],
  ["never ends its body", () => `${headOfPost()}[`],
])("one that %s is answered 408 and closed, and others are served", async (_, textOf) => {
  const text = textOf();
  const slow = client(text);
  const drip = setInterval(() => slow.socket.write(text.endsWith("[") ? " " : ""), 50);
  expect((await api.call("/healthz")).status).toBe(200);
  const received = await end(slow);
  clearInterval(drip);
  expect(received).toMatch(/^HTTP\/1\.1 408 /);
  expect(received).toContain('"code":"REQUEST_TOO_SLOW"');
});

/** Sends a body piece by piece, for longer than a request may take. */
async function drip(token: string): Promise<Client> {
  const head = `POST /v2/uploads/apple/healthkit HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${token}\r\n`;
  const body = `{"samples": []${" ".repeat(20)}}`;
  const slow = client(`${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`);
  for (const letter of body) {
    slow.socket.write(letter);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return slow;
}

test("a slow upload is received when its token is known, and not otherwise", async () => {
  const begun = await api.call("/v2/auth/generateAuthToken", { method: "POST", as: api.environment });
  const json = { token: begun.body.token, provider: "APPLE" };
  const redeemed = await api.call("/v2/auth/redeemToken", { method: "POST", json });
  const known = await drip(String(redeemed.body.upload_token));
  await waitFor("an answer", () => known.received !== "");
  expect(known.received).toMatch(/^HTTP\/1\.1 202 /);
  const unknown = await drip("another");
  await waitFor("an answer", () => unknown.received !== "");
  expect(unknown.received).toMatch(/^HTTP\/1\.1 4/);
});

test.each([
  ["what is not HTTP", "hello\r\n\r\n", 400, "REQUEST_INVALID"],
  [
    "headers of a megabyte",
    `GET / HTTP/1.1\r\nx: ${"a".repeat(1_000_000)}\r\n\r\n`,
    431,
    "REQUEST_HEADERS_TOO_LARGE",
  ],
  ["a request without a host", "GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n", 400, "REQUEST_INVALID"],
  ["an expectation", "GET / HTTP/1.1\r\nhost: a\r\nexpect: more\r\n\r\n", 400, "REQUEST_INVALID"],
  ["a tunnel", "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n", 404, "ROUTE_NOT_FOUND"],
])("%s gets a problem", async (_, text, status, code) => {
  const received = await end(client(text));
  expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(received).toContain("application/problem+json");
  expect(received).toContain("nosniff");
  expect(received).toContain(`"code":"${code}"`);
});

test("one connection too many is closed at once", async () => {
  const many = Array.from({ length: connections * 2 }, () => client("GET /healthz HTTP/1.1\r\nhost: a\r\n"));
  await waitFor("those too many to be closed", () => many.filter(({ ended }) => ended).length >= connections);
  const unanswered = many.filter(({ ended, received }) => ended && received === "");
  expect(unanswered.length).toBeGreaterThanOrEqual(connections - 1);
  for (const { socket } of many) socket.destroy();
  await waitFor("room again", async () => {
    const answer = await api.call("/healthz").catch(() => null);
    return answer?.status === 200;
  });
});
