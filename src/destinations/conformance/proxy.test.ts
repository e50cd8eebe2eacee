import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { waitFor } from "../../../test/support/wait.ts";
import { FaultyProxy } from "./proxy.ts";

/** An echo server that remembers what it received. */
let server: Server;
let heard: string;
let proxy: FaultyProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  heard = "";
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      heard += chunk;
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy = await FaultyProxy.start({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

interface Client {
  readonly socket: Socket;
  answered: string;
  error: string | null;
}

async function connected(past = proxy): Promise<Client> {
  const socket = connect(past.address);
  clients.push(socket);
  const client: Client = { socket, answered: "", error: null };
  socket.on("data", (chunk) => {
    client.answered += chunk;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    client.error = error.code ?? error.message;
  });
  await Promise.race([new Promise((resolve) => socket.once("connect", resolve)), closed(socket)]);
  return client;
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once("close", () => resolve()));

/** A byte that was sent after everything else has gone to the server and back, past a proxy that does not fail. */
async function settle(): Promise<void> {
  const witness = await FaultyProxy.start({
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
  });
  const { socket } = await connected(witness);
  const echo = new Promise((resolve) => socket.once("data", resolve));
  socket.write("|");
  await echo;
  await witness.close();
  heard = heard.replace("|", "");
}

describe("the proxy that fails", () => {
  it("passes everything both ways, and counts it", async () => {
    const client = await connected();
    const much = "x".repeat(3_000_000);
    client.socket.write(much);
    await waitFor("the echo", () => client.answered.length === much.length);
    expect(proxy.sentBytes).toBe(much.length);
    expect(proxy.connections).toBe(1);
  });

  it("passes not a byte more than it was told, and the rest when it passes again", async () => {
    const client = await connected();
    proxy.fail("stall", 5);
    client.socket.write("0123456789");
    await settle();
    client.socket.write("abc");
    await settle();
    expect(heard).toBe("01234");
    await proxy.pass();
    await waitFor("the rest", () => client.answered === "0123456789abc");
    expect(proxy.sentBytes).toBe(13);
  });

  it("stalls those who come later as well", async () => {
    proxy.fail("stall");
    const client = await connected();
    client.socket.write("hello");
    await settle();
    expect([client.error, heard, client.answered]).toEqual([null, "", ""]);
    await proxy.pass();
    await waitFor("the answer", () => client.answered === "hello");
  });

  it("resets connections in the middle, refuses new ones, and comes back on its port", async () => {
    const client = await connected();
    proxy.fail("refuse", 5);
    client.socket.write("0123456789");
    await closed(client.socket);
    expect(client.error).toBe("ECONNRESET");
    expect((await connected()).error).toBe("ECONNREFUSED");
    await proxy.pass();
    const next = await connected();
    next.socket.write("hello");
    await waitFor("the answer", () => next.answered === "hello");
  });

  it("loses answers only, and the connection that lost one", async () => {
    const client = await connected();
    proxy.fail("mute");
    client.socket.write("hello");
    await waitFor("what was said", () => heard === "hello");
    await settle();
    expect(client.answered).toBe("");
    const gone = closed(client.socket);
    await proxy.pass();
    await gone;
    expect(client.error).toBe("ECONNRESET");
  });

  it("ends what the server ends", async () => {
    const client = await connected();
    client.socket.end("bye");
    await closed(client.socket);
    expect([client.error, heard]).toEqual([null, "bye"]);
  });
});
