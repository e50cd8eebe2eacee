/** The dashboard's files, as they were built: everything is read once and served from memory. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { SystoleError } from "../errors.ts";
import { html, sendPage } from "./html.ts";
import type { Api } from "./schema.ts";

interface BuiltFile {
  readonly type: string;
  /** The file's bodies by content encoding. */
  readonly bodies: Readonly<Record<string, Buffer>>;
}

type Build = ReadonlyMap<string, BuiltFile>;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
};

/** The encodings that the build leaves beside each file, the smallest first. */
const encodings = { br: ".br", gzip: ".gz" };

/** Styles are set by scripts at run time, which no hash could name; scripts come from files alone. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const oneYear = "public, max-age=31536000, immutable";
const hidden = { schema: { hide: true } };

export function dashboardRoutes(app: Api, directory: string): void {
  let loaded: Build | null = null;
  const build = async (): Promise<Build | null> => {
    loaded ??= await readBuild(directory);
    return loaded;
  };
  app.get("/dashboard", hidden, async (_request, reply) => sendIndex(reply, await build()));
  app.get("/dashboard/*", hidden, async (request, reply) => {
    const { "*": name } = request.params as { "*": string };
    const files = await build();
    const file = files?.get(name);
    if (file !== undefined) {
      const isHashed = name.startsWith("assets/");
      reply.header("cache-control", isHashed ? oneYear : "no-cache");
      return sendFile(request, reply, file);
    }
    if (name.startsWith("assets/")) throw new SystoleError("ROUTE_NOT_FOUND");
    return sendIndex(reply, files);
  });
}

/** Null when there is no build. */
async function readBuild(directory: string): Promise<Build | null> {
  try {
    const names = await readdir(directory, { recursive: true });
    if (!names.includes("index.html")) return null;
    const known = new Set(names);
    const files = names.filter((name) => types[path.extname(name)] !== undefined);
    const entries = files.map(async (name): Promise<[string, BuiltFile]> => {
      return [name.split(path.sep).join("/"), await readBuilt(directory, name, known)];
    });
    return new Map(await Promise.all(entries));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function readBuilt(directory: string, name: string, names: ReadonlySet<string>): Promise<BuiltFile> {
  const bodies: Record<string, Buffer> = { identity: await readFile(path.join(directory, name)) };
  for (const [encoding, extension] of Object.entries(encodings)) {
    if (names.has(name + extension))
      bodies[encoding] = await readFile(path.join(directory, name + extension));
  }
  return { type: types[path.extname(name)] ?? "application/octet-stream", bodies };
}

function sendFile(request: FastifyRequest, reply: FastifyReply, { type, bodies }: BuiltFile): FastifyReply {
  const accepted = acceptedBy(request.headers["accept-encoding"] ?? "");
  const encoding = Object.keys(encodings).find((name) => accepted.has(name) && bodies[name] !== undefined);
  reply.headers({ "content-type": type, vary: "accept-encoding" });
  if (encoding !== undefined) reply.header("content-encoding", encoding);
  return reply.send(bodies[encoding ?? "identity"]);
}

const acceptedBy = (header: string): ReadonlySet<string> =>
  new Set(
    header
      .split(",")
      .map((part) => part.trim().toLowerCase())
      .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
      .map((part) => part.replace(/\s*;.*$/, "")),
  );

/** Every address below /dashboard that is no file is a screen, which the browser's own router knows. */
function sendIndex(reply: FastifyReply, files: Build | null): FastifyReply {
  const index = files?.get("index.html")?.bodies.identity;
  if (index === undefined) return sendPage(reply, 503, { title: "Systole", body: notBuilt });
  return reply
    .headers({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "referrer-policy": "same-origin",
      "cache-control": "no-store",
    })
    .send(index);
}

const notBuilt = html`<p><strong>The dashboard is not built.</strong> <code>npm start</code> builds it when its tools are installed: run <code>npm ci</code>, then start again. The log says what went wrong if it failed.</p>
<p>Everything the dashboard does is also an API: see <a href="/docs">/docs</a>.</p>
`;
