import type { FastifyInstance, FastifyRequest } from "fastify";
import { param, query } from "../http.ts";
import type { Notify } from "../notifications.ts";
import { controlRefusal } from "../refusal.ts";
import { RESOURCES } from "../resources.ts";
import type { Sandbox } from "../sandbox.ts";
import { itemOf } from "../state.ts";
import { splitBodies, upload } from "../upload.ts";
import { requireUser } from "./people.ts";

const FILE = /^exercises\/(([^/]+)\/(?:fit|tcx))$/;

/** Routes that put data on a person's watch. */
export function uploadRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.put("/_sandbox/users/:id/*", async (request) => {
    const person = requireUser(sandbox, request);
    const name = param(request, "*");
    const [, file, exerciseId] = FILE.exec(name) ?? [];
    if (file !== undefined && exerciseId !== undefined) {
      if (!itemOf(person, "exercises", exerciseId)) throw controlRefusal(404, `No exercise ${exerciseId}`);
      if (!(request.body instanceof Buffer)) throw controlRefusal(400, "The body must be the file");
      person.files.set(file, request.body);
      return { stored: 1, notified: 0 };
    }
    const kind = RESOURCES.get(name);
    if (!kind)
      throw controlRefusal(404, `No resource "${name}"; there are ${[...RESOURCES.keys()].join(", ")}`);
    return upload(sandbox, person, kind, splitBodies(kind, utf8(request)), notifyOf(request));
  });
}

/** Refuses bytes that are not UTF-8: they could not be served back as they came. */
function utf8(request: FastifyRequest): string {
  if (!(request.body instanceof Buffer)) return "";
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(request.body);
  } catch {
    throw controlRefusal(400, "The body is not UTF-8");
  }
}

function notifyOf(request: FastifyRequest): Notify {
  const notify = query(request, "notify") ?? "true";
  if (notify === "true" || notify === "false" || notify === "twice") return notify;
  throw controlRefusal(400, 'notify must be "true", "false" or "twice"');
}
