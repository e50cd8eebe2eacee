/** TLS to the project and to its database: verified, with the public authorities and the developer's own. */
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect as connectTo, createServer, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { newAuthority } from "../../../test/support/certificates.ts";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import { connect, noServer, openBare, sqlPort } from "./projects.ts";

const ours = newAuthority();
const theirs = newAuthority("Somebody else's authority");
const issued = ours.issue("127.0.0.1");

const good = {
  "/storage/v1/bucket/terra-payloads": { public: false },
  "/rest/v1/rpc/systole_take": { taken: [], superseded: [] },
} as Readonly<Record<string, object>>;

/** A project that accepts every request. */
async function startProject(): Promise<string> {
  const options = { cert: issued.certificate, key: issued.key };
  const project = createHttpsServer(options, (request, response) => {
    request.resume();
    response.end(JSON.stringify(good[request.url ?? ""] ?? { Key: "x" }));
  });
  await new Promise<void>((resolve) => project.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void project.close());
  return `https://127.0.0.1:${(project.address() as AddressInfo).port}`;
}

describe("TLS to the project", () => {
  it("is verified, with the authority that is given besides the public ones", async () => {
    const url = await startProject();
    const settings = { url, service_role_key: "sb_secret_x" };
    for (const more of [{}, { ca: theirs.certificate }]) {
      const thrown = await failure(connect({ ...settings, ...more }).deliver(dataEvent(), deadline()));
      expect(thrown).toMatchObject({ code: "DELIVERY_FAILED", retry: "later" });
    }
    await connect({ ...settings, ca: ours.certificate }).deliver(dataEvent(), deadline());
  });
});

/** A proxy that adds PostgreSQL's TLS handshake to a server without TLS. */
async function startTls(port: number): Promise<number> {
  const secureContext = createSecureContext({ cert: issued.certificate, key: issued.key });
  const sockets: Socket[] = [];
  const front = createServer((plain) => {
    sockets.push(plain.on("error", () => {}));
    plain.once("data", () => {
      plain.write("S");
      const secure = new TLSSocket(plain, { isServer: true, secureContext });
      const back = connectTo(port, "127.0.0.1");
      for (const socket of [secure, back]) sockets.push(socket.on("error", () => plain.destroy()));
      secure.pipe(back).pipe(secure);
    });
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    front.close();
  });
  return (front.address() as AddressInfo).port;
}

describe.skipIf(noServer)("TLS to the database", () => {
  it("is verified, unless database_url does without", async () => {
    const place = await openBare();
    const database = new URL(String(place.settings.database_url));
    database.search = "";
    // The server itself has no TLS.
    const settings = { ...place.settings, database_url: database.href };
    expect((await failure(connect(settings).check(deadline()))).details.reason).toMatch(
      /does not support SSL/,
    );
    database.port = String(await startTls(sqlPort));
    const overTls = { ...place.settings, database_url: database.href };
    for (const more of [{}, { ca: theirs.certificate }]) {
      const thrown = await failure(connect({ ...overTls, ...more }).check(deadline()));
      expect(thrown).toMatchObject({ code: "DELIVERY_FAILED", retry: "later" });
    }
    const sender = connect({ ...overTls, ca: ours.certificate });
    await sender.check(deadline());
    await sender.deliver(dataEvent(), deadline());
  });
});
