import { createServer as createPlainServer, type RequestListener, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { newAuthority } from "../../../test/support/certificates.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { type GuardedHttp, openHttp, type Request } from "./http.ts";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({ close: () => server.close() && server.closeAllConnections() });
  return (server.address() as AddressInfo).port;
}

function open(allowPrivate = true): GuardedHttp {
  const http = openHttp(createAddressGuard({ allowPrivate }));
  opened.push(http);
  return http;
}

const get = (url: string): Request => ({ method: "GET", url: new URL(url), headers: {} });
const deadline = (): AbortSignal => AbortSignal.timeout(5_000);

describe("guarded HTTP", () => {
  it("refuses a server whose certificate is from no trusted authority", async () => {
    const asked: unknown[] = [];
    const listener: RequestListener = (request, response) => {
      asked.push(request);
      response.end();
    };
    const { certificate, key } = newAuthority().issue("localhost");
    const port = await listen(createServer({ cert: certificate, key }, listener) as unknown as Server);
    const sent = open().send(get(`https://localhost:${port}/`), deadline());
    await expect(sent).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    expect(asked).toEqual([]);
  });

  it("does not follow redirects", async () => {
    const port = await listen(
      createPlainServer((_, response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end()),
    );
    const answer = await open().send(get(`http://127.0.0.1:${port}/`), deadline());
    expect(answer).toMatchObject({ status: 307, headers: { location: "http://127.0.0.1:1/" } });
  });

  it("does not listen to endless answers", async () => {
    const port = await listen(
      createPlainServer((_, response) => {
        response.writeHead(200);
        const flood = (): unknown => response.write(Buffer.alloc(65_536), () => setImmediate(flood));
        flood();
      }),
    );
    const sent = open().send(get(`http://127.0.0.1:${port}/`), deadline());
    await expect(sent).rejects.toMatchObject({ code: "UND_ERR_RES_EXCEEDED_MAX_SIZE" });
  });

  it("does not connect to an address that the guard refuses", async () => {
    let connections = 0;
    const server = createPlainServer((_, response) => response.end());
    server.on("connection", () => connections++);
    const port = await listen(server);
    const http = open(false);
    const refused = { code: "DESTINATION_ADDRESS_PRIVATE" };
    await expect(http.send(get(`http://127.0.0.1:${port}/`), deadline())).rejects.toMatchObject(refused);
    await expect(http.send(get(`http://localhost:${port}/`), deadline())).rejects.toMatchObject(refused);
    expect(connections).toBe(0);
  });

  it("ends requests under way when it is closed", async () => {
    const port = await listen(createPlainServer(() => {}));
    const http = open();
    const sent = http.send(get(`http://127.0.0.1:${port}/`), deadline());
    sent.catch(() => {});
    await http.close();
    await expect(sent).rejects.toThrow();
  });
});
