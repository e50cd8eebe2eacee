import { gzipSync } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { listOf, withoutKeys } from "../../kit/raw-json.ts";
import { requirePerson } from "../auth.ts";
import { toFit } from "../files/fit.ts";
import { toGpx } from "../files/gpx.ts";
import { toTcx } from "../files/tcx.ts";
import { accepts, asked, notFound, param, refuseAccept, sendJson, takesGzip } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Item, Person } from "../state.ts";

const WINDOW_MS = 30 * 86_400_000;
const TCX = "application/vnd.garmin.tcx+xml";
const GPX = "application/gpx+xml";
const FIT = ["application/octet-stream", "application/vnd.ant.fit"];

/** The keys that are left out unless their query parameter asks for them. */
const ON_REQUEST = { samples: "samples", zones: "heart_rate_zones", route: "route" };

export function exerciseRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/v3/exercises", async (request, reply) => {
    const items = available(sandbox, requirePerson(sandbox, request));
    return sendJson(reply, listOf(items.map((item) => trimmed(item, request))));
  });

  app.get("/v3/exercises/:exerciseId", async (request, reply) => {
    return sendJson(reply, trimmed(exercise(sandbox, request), request));
  });

  app.get("/v3/exercises/:exerciseId/fit", async (request, reply) => {
    const { id, raw } = exercise(sandbox, request);
    checkAccept(sandbox, request, FIT);
    const file = requirePerson(sandbox, request).files.get(`${id}/fit`) ?? toFit(raw);
    return sendFile(reply, "application/octet-stream", file);
  });

  app.get("/v3/exercises/:exerciseId/tcx", async (request, reply) => {
    const { id, raw } = exercise(sandbox, request);
    checkAccept(sandbox, request, [TCX]);
    const file = Buffer.from(requirePerson(sandbox, request).files.get(`${id}/tcx`) ?? toTcx(raw));
    if (!takesGzip(request)) return sendFile(reply, TCX, file);
    return sendFile(reply.header("Content-Encoding", "gzip"), TCX, gzipSync(file));
  });

  app.get("/v3/exercises/:exerciseId/gpx", async (request, reply) => {
    const { raw } = exercise(sandbox, request);
    checkAccept(sandbox, request, [GPX]);
    const file = toGpx(raw);
    if (file === undefined) throw notFound("Exercise has no route");
    return sendFile(reply, GPX, Buffer.from(file));
  });
}

/** Refuses another Accept only under a fault, because a 406 was seen only once. Otherwise everyone gets the file. */
function checkAccept(sandbox: Sandbox, request: FastifyRequest, types: readonly string[]): void {
  if (accepts(request, types)) return;
  if (sandbox.faults.strike("not-acceptable", request.url)) refuseAccept(types);
}

/** Returns the exercises uploaded in the last 30 days and after the person registered, in the order of their upload. */
function available(sandbox: Sandbox, person: Person): Item[] {
  const registered = person.registration?.sequence ?? Number.POSITIVE_INFINITY;
  const oldest = sandbox.clock.now() - WINDOW_MS;
  return [...(person.data.get("exercises")?.values() ?? [])]
    .filter((item) => item.sequence > registered && item.uploadedAt >= oldest)
    .sort((a, b) => a.sequence - b.sequence);
}

function exercise(sandbox: Sandbox, request: FastifyRequest): Item {
  const id = param(request, "exerciseId");
  const item = available(sandbox, requirePerson(sandbox, request)).find((candidate) => candidate.id === id);
  if (!item) throw notFound("Exercise not found");
  return item;
}

function trimmed(item: Item, request: FastifyRequest): string {
  const unasked = Object.entries(ON_REQUEST).filter(([parameter]) => !asked(request, parameter));
  return withoutKeys(item.raw, new Set(unasked.map(([, key]) => key)));
}

function sendFile(reply: FastifyReply, type: string, file: Buffer): FastifyReply {
  return reply.type(type).send(file);
}
