/** The storage server's routes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { accessDenied, answerJson, invalidRequest, invalidToken, Refusal } from "./answers.ts";
import { claimsOf, refusalOf, signKey } from "./keys.ts";
import type { Caller, Storage } from "./storage.ts";

interface Asked {
  /** The project's name. */
  readonly ref: string;
  readonly request: IncomingMessage;
  readonly url: URL;
  /** The caller. */
  readonly caller: Caller;
  /** Bucket and name, if the route has them. */
  readonly bucket: string;
  readonly name: string;
}

type Handle = (storage: Storage, asked: Asked) => Promise<object>;

const upload =
  (always: boolean): Handle =>
  (storage, { request, caller, bucket, name }) =>
    storage.upload(caller, {
      bucket,
      name,
      type: request.headers["content-type"] ?? "application/octet-stream",
      upsert: always || request.headers["x-upsert"] === "true",
      length: Number(request.headers["content-length"] ?? 0),
      content: () => buffer(request),
    });

const read: Handle = (storage, { caller, bucket, name }) => storage.read(caller, bucket, name);

/** The first match is taken. */
const routes: readonly (readonly [method: string, path: RegExp, handle: Handle])[] = [
  ["POST", /^\/bucket$/, async (storage, asked) => storage.createBucket(asked.caller, await json(asked))],
  ["GET", /^\/bucket\/(?<bucket>[^/]+)$/, (storage, { caller, bucket }) => storage.bucket(caller, bucket)],
  [
    "DELETE",
    /^\/bucket\/(?<bucket>[^/]+)$/,
    (storage, { caller, bucket }) => storage.deleteBucket(caller, bucket),
  ],
  [
    "POST",
    /^\/object\/list\/(?<bucket>[^/]+)$/,
    async (storage, asked) => storage.list(asked.caller, asked.bucket, await json(asked)),
  ],
  ["POST", /^\/object\/sign\/(?<bucket>[^/]+)\/(?<name>.+)$/, sign],
  ["GET", /^\/object\/sign\/(?<bucket>[^/]+)\/(?<name>.+)$/, readSigned],
  [
    "GET",
    /^\/object\/info\/(?:authenticated\/)?(?<bucket>[^/]+)\/(?<name>.+)$/,
    (storage, { caller, bucket, name }) => storage.info(caller, bucket, name),
  ],
  ["GET", /^\/object\/(?:authenticated\/)?(?<bucket>[^/]+)\/(?<name>.+)$/, read],
  ["POST", /^\/object\/(?<bucket>[^/]+)\/(?<name>.+)$/, upload(false)],
  ["PUT", /^\/object\/(?<bucket>[^/]+)\/(?<name>.+)$/, upload(true)],
  [
    "DELETE",
    /^\/object\/(?<bucket>[^/]+)$/,
    async (storage, asked) => {
      const { prefixes } = await json<{ prefixes: string[] }>(asked);
      if (prefixes.length === 0) throw invalidRequest("body/prefixes must NOT have fewer than 1 items");
      return storage.remove(asked.caller, asked.bucket, prefixes);
    },
  ],
  [
    "DELETE",
    /^\/object\/(?<bucket>[^/]+)\/(?<name>.+)$/,
    (storage, { caller, bucket, name }) => storage.removeOne(caller, bucket, name),
  ],
];

/** `path` is below `/storage/v1`. */
export async function answerStorage(
  ref: string,
  storage: Storage,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  authorization: string | undefined,
): Promise<void> {
  try {
    const url = new URL(path, "http://storage");
    const route = routeOf(request.method, url.pathname);
    if (route === null) {
      return answerJson(response, 404, { message: "Route not found", error: "Not Found", statusCode: 404 });
    }
    // A signed address needs no key.
    const caller = route.handle === readSigned ? nobody : callerOf(authorization);
    const answer = await route.handle(storage, {
      ref,
      request,
      url,
      caller,
      bucket: route.bucket,
      name: route.name,
    });
    if (!("content" in answer)) return answerJson(response, 200, answer);
    const { content, type } = answer as { content: Buffer; type: string };
    response.writeHead(200, { "content-type": type, "content-length": content.length }).end(content);
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy();
    if (!(error instanceof Refusal)) throw error;
    answerJson(response, error.status, error.body);
  }
}

function routeOf(method: string | undefined, path: string) {
  for (const [itsMethod, form, handle] of routes) {
    const found = itsMethod === method ? form.exec(path) : null;
    if (found === null) continue;
    const { bucket = "", name = "" } = found.groups ?? {};
    return { handle, bucket: decodeURIComponent(bucket), name: decodeURIComponent(name) };
  }
  return null;
}

const nobody: Caller = { role: "anon" };

function callerOf(authorization: string | undefined): Caller {
  if (authorization === undefined)
    throw invalidRequest("headers must have required property 'authorization'");
  const token = authorization.replace(/^Bearer\s+/i, "");
  const refusal = refusalOf(token);
  if (refusal !== null) throw accessDenied(refusal);
  return { ...nobody, ...claimsOf(token) };
}

const json = async <Body>({ request }: Asked): Promise<Body> =>
  JSON.parse((await buffer(request)).toString("utf8")) as Body;

async function sign(storage: Storage, asked: Asked): Promise<object> {
  const { expiresIn } = await json<{ expiresIn: number }>(asked);
  await storage.assertVisible(asked.caller, asked.bucket, asked.name);
  const path = `${asked.bucket}/${asked.name}`;
  const token = signKey(asked.ref, path, { exp: Math.floor(Date.now() / 1_000) + expiresIn });
  return { signedURL: `/object/sign/${path}?token=${token}` };
}

async function readSigned(storage: Storage, { url, bucket, name }: Asked): Promise<object> {
  const token = url.searchParams.get("token") ?? "";
  const refusal = refusalOf(token);
  if (refusal !== null) throw invalidToken(refusal);
  if (claimsOf(token)?.role !== `${bucket}/${name}`) throw invalidToken("Invalid signature");
  return storage.read(null, bucket, name);
}
