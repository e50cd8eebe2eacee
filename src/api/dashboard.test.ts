/** The dashboard's files over HTTP. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type FastifyInstance, fastify } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SystoleError } from "../errors.ts";
import { dashboardRoutes } from "./dashboard.ts";
import { sendProblem } from "./errors.ts";

let directory: string;
let app: FastifyInstance;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "systole-files-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

beforeEach(() => {
  app = fastify();
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new SystoleError("ROUTE_NOT_FOUND"), request, reply),
  );
  dashboardRoutes(app.withTypeProvider(), directory);
  return () => app.close();
});

function build(): void {
  mkdirSync(path.join(directory, "assets"), { recursive: true });
  writeFileSync(path.join(directory, "index.html"), "<!doctype html><title>Systole</title>");
  writeFileSync(path.join(directory, "assets/index-abc.js"), "plain");
  writeFileSync(path.join(directory, "assets/index-abc.js.gz"), "gzipped");
  writeFileSync(path.join(directory, "assets/index-abc.js.br"), "brotlied");
  writeFileSync(path.join(directory, "color-scheme.js"), "scheme");
  writeFileSync(path.join(directory, ".sources"), "hash");
}

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

test("says what to do as long as nothing is built, and serves the build once it is there", async () => {
  const before = await get("/dashboard");
  expect(before.statusCode).toBe(503);
  expect(before.body).toContain("npm ci");
  build();
  expect((await get("/dashboard")).statusCode).toBe(200);
});

test.each(["/dashboard", "/dashboard/", "/dashboard/e/demo/people/1", "/dashboard/sign-in?link=x"])(
  "%s is the page, with a policy that lets no script in but its files",
  async (url) => {
    build();
    const { statusCode, headers, body } = await get(url);
    expect(statusCode).toBe(200);
    expect(body).toContain("<title>Systole</title>");
    expect(headers["cache-control"]).toBe("no-store");
    const policy = String(headers["content-security-policy"]).split("; ");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  },
);

test.each([
  ["br, gzip", "br", "brotlied"],
  ["gzip, deflate", "gzip", "gzipped"],
  ["br;q=0, gzip;q=0.5", "gzip", "gzipped"],
  ["identity", undefined, "plain"],
])("a file is sent as %s asks, and kept for a year", async (accepted, encoding, body) => {
  build();
  const answer = await get("/dashboard/assets/index-abc.js", { "accept-encoding": accepted });
  expect(answer.body).toBe(body);
  expect(answer.headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  });
  expect(answer.headers["content-encoding"]).toBe(encoding);
});

test("a file whose name has no hash is asked for again each time", async () => {
  build();
  expect((await get("/dashboard/color-scheme.js")).headers["cache-control"]).toBe("no-cache");
});

test.each([
  "/dashboard/assets/gone-123.js",
  "/dashboard/assets/index-abc.js.br",
  "/dashboard/assets/..%2f.sources",
])("%s is not there: a script that is gone must not be answered with a page", async (url) => {
  build();
  const answer = await get(url);
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: "ROUTE_NOT_FOUND" });
});

test("only what is a page's file is served", async () => {
  build();
  expect((await get("/dashboard/.sources")).body).toContain("<title>");
});
