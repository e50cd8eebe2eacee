/**
 * Servers with S3's protocol but without conditional writes. Two are imitated here: one that ignores the headers, and
 * one that refuses them (501).
 */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { deadline, openGuard } from "../conformance/bench.ts";
import { dataEvent, newUser, revised } from "../conformance/events.ts";
import type { Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import s3 from "./index.ts";

interface Kept {
  readonly metadata: IncomingHttpHeaders;
  readonly body: string;
}

/** How a server treats If-Match and If-None-Match; "half kept": only where an object exists, as MinIO once did. */
type Conditions = "ignored" | "refused" | "half kept";

interface StandIn {
  readonly endpoint: string;
  readonly objects: Map<string, Kept>;
  readonly requests: string[];
}

const notImplemented = `<Error><Code>NotImplemented</Code><Message>A header is not implemented.</Message></Error>`;
const servers: Server[] = [];
const senders: Sender[] = [];
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  for (const server of servers.splice(0)) server.close();
});

async function standIn(conditions: Conditions): Promise<StandIn> {
  const objects = new Map<string, Kept>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const body = await text(request);
    const key = decodeURIComponent(new URL(url, "http://s3").pathname);
    requests.push(method);
    const conditional = headers["if-match"] !== undefined || headers["if-none-match"] !== undefined;
    if (conditional && conditions === "refused") return response.writeHead(501).end(notImplemented);
    if (conditional && conditions === "half kept" && objects.has(key)) return response.writeHead(412).end();
    if (method === "PUT") objects.set(key, { metadata: metadataOf(headers), body });
    if (method === "DELETE") objects.delete(key);
    const found = objects.get(key);
    if (method === "HEAD" && found === undefined) return response.writeHead(404).end();
    return response.writeHead(200, { etag: '"1"', ...found?.metadata }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, objects, requests };
}

const metadataOf = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-")));

function connect(endpoint: string): Sender {
  const keys = { access_key_id: "key", secret_access_key: "secret" };
  const settings = { bucket: "systole-test", region: "us-east-1", endpoint, ...keys };
  const sender = s3.connect(parseSettings(s3, settings), openGuard);
  senders.push(sender);
  return sender;
}

describe.each(["ignored", "refused"] as const)("a server by which conditions are %s", (conditions) => {
  it("is looked at before it is written to, so that the newest stands", async () => {
    const { endpoint, objects } = await standIn(conditions);
    const record = { naturalKey: "night", startTime: "2025-10-01T23:00:00.000000+02:00" };
    const userId = newUser();
    const sender = connect(endpoint);
    for (const revision of [2, 3, 1, 3]) {
      await sender.deliver(revised("sleep", record, revision, userId), deadline());
    }
    const other = revised("sleep", { ...record, naturalKey: "nap" }, 1, userId);
    await sender.deliver(other, deadline());
    const kept = [...objects].flatMap(([key, object]) => (key.includes("/manifest/") ? [] : [object]));
    expect(kept.map(({ metadata }) => metadata["x-amz-meta-revision"])).toEqual(["3", "1"]);
    expect(kept[1]?.body).toBe(other.body.toString("utf8"));
  });

  it("is found out once", async () => {
    const { endpoint, requests } = await standIn(conditions);
    const sender = connect(endpoint);
    await sender.deliver(dataEvent(), deadline());
    const before = requests.length;
    await sender.deliver(dataEvent(), deadline());
    expect(requests.slice(before)).toEqual(["HEAD", "HEAD", "PUT", "PUT"]);
  });

  it("passes the check, which says so and leaves nothing behind", async () => {
    const { endpoint, objects } = await standIn(conditions);
    const { response } = await connect(endpoint).check(deadline());
    expect(response).toBe("no conditional writes: see README.md");
    expect(objects.size).toBe(0);
  });
});

it("a server that looks at conditions only where something is is told from one that does not", async () => {
  const { endpoint, objects, requests } = await standIn("half kept");
  const sender = connect(endpoint);
  await sender.deliver(dataEvent(), deadline());
  // The probe, then the object and its entry are put: a first revision has no entry to look for.
  expect(requests).toEqual(["PUT", "PUT", "PUT", "DELETE", "PUT", "PUT"]);
  expect(objects.size).toBe(2);
});
