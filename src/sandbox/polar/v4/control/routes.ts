import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { controlBody } from "../../../kit/control.ts";
import { requireUser } from "../../control/people.ts";
import { bodyText, param, query } from "../../http.ts";
import { controlRefusal } from "../../refusal.ts";
import { RESOURCES } from "../../resources.ts";
import type { Sandbox } from "../../sandbox.ts";
import type { Json, V4Item } from "../data.ts";
import { itemOf } from "../generate/index.ts";
import { type V4Kind, v4Kinds } from "../resources.ts";
import { switchDocs } from "../switches.ts";

/** Routes that turn switches, and store and delete bodies. */
export function v4ControlRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  switchRoutes(app, sandbox);

  for (const kind of v4Kinds.values()) {
    app.put(`/_sandbox/users/:id/${kind.name}`, async (request) => {
      const person = requireUser(sandbox, request);
      const bodies = bodiesOf(kind, parsed(bodyText(request)));
      for (const body of bodies) sandbox.v4.data.keep(person.id, kind.name, itemAt(kind, body));
      return { stored: bodies.length, notified: 0 };
    });
  }

  app.delete("/_sandbox/users/:id/*", async (request) => {
    const person = requireUser(sandbox, request);
    const name = param(request, "*");
    const which = { id: query(request, "id"), date: query(request, "date") };
    if (v4Kinds.has(name)) return { deleted: sandbox.v4.data.remove(person.id, name, which) };
    if (RESOURCES.has(name)) return { deleted: sandbox.people.remove(person, name, which) };
    throw controlRefusal(404, `No resource "${name}"`);
  });
}

function switchRoutes(app: FastifyInstance, { v4 }: Sandbox): void {
  app.get("/_sandbox/v4/switches", async () => ({ switches: v4.switches, docs: switchDocs() }));

  app.put("/_sandbox/v4/switches", async (request) => {
    try {
      v4.change(controlBody(request));
    } catch (error) {
      if (error instanceof z.ZodError) throw controlRefusal(400, z.prettifyError(error));
      throw error;
    }
    return { switches: v4.switches };
  });

  app.delete("/_sandbox/v4/switches", async (_request, reply) => {
    v4.resetSwitches();
    return reply.code(204).send();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw controlRefusal(400, `The body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the bodies of an upload: one, an array of them, or the list as Polar wraps it, live or by the Swagger. */
function bodiesOf({ list, outer, name }: V4Kind, upload: unknown): Json[] {
  const inner = outer !== undefined && isObject(upload) && isObject(upload[outer]) ? upload[outer] : upload;
  const listed = list !== undefined && isObject(inner) && Array.isArray(inner[list]) ? inner[list] : inner;
  const bodies = Array.isArray(listed) ? (listed as unknown[]) : [listed];
  return bodies.map((body, index) => {
    if (isObject(body)) return body;
    throw controlRefusal(400, `${name}[${index}] is not an object`);
  });
}

function itemAt(kind: V4Kind, body: Json): V4Item {
  try {
    return itemOf(kind, body);
  } catch (error) {
    throw controlRefusal(400, `${kind.name}: ${error instanceof Error ? error.message : error}`);
  }
}
