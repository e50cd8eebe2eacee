/** Routes that let a phone push, and those that show what it would push. */
import { PassThrough } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { ControlRefusal, checkedBody, controlBody } from "../../kit/control.ts";
import { param, query } from "../../kit/http.ts";
import { bodyOf, formats, jsonFormats } from "../bodies.ts";
import { writeExport } from "../formats/export-zip.ts";
import { daysOf } from "../generate/index.ts";
import { push } from "../push.ts";
import type { People } from "../state.ts";
import { requirePerson } from "./people.ts";

const days = z.coerce.number().int().min(0).max(3_660).default(28);
const PushBody = z.object({ format: z.enum(formats).default("healthkit"), days });
/** A phone's history is what it is: the seed belongs to the person. */
const GenerateBody = z.object({ days, seed: z.number().int().nullish() });

export function pushRoutes(app: FastifyInstance, people: People): void {
  app.post("/_sandbox/:id/push", async (request) => {
    const person = requirePerson(people, request);
    const wanted = checkedBody(PushBody, controlBody(request));
    return push(people, person, wanted.format, wanted.days);
  });

  app.post("/_sandbox/users/:id/generate", async (request) => {
    const person = requirePerson(people, request);
    const wanted = checkedBody(GenerateBody, controlBody(request));
    return push(people, person, "healthkit", wanted.days);
  });

  app.get("/_sandbox/:id/export.zip", async (request, reply) => {
    const person = requirePerson(people, request);
    const period = { days: daysAsked(request), now: people.clock.now() };
    const out = new PassThrough();
    writeExport(out, people.wearerOf(person), period).catch((error: Error) => out.destroy(error));
    return reply
      .type("application/zip")
      .header("content-disposition", 'attachment; filename="export.zip"')
      .send(out);
  });

  app.get("/_sandbox/users/:id/bodies", async () => ({ formats: jsonFormats }));

  app.get("/_sandbox/users/:id/bodies/:format", async (request) => {
    const person = requirePerson(people, request);
    const format = jsonFormats.find((one) => one === param(request, "format"));
    if (format === undefined)
      throw new ControlRefusal(404, `No such format; there are ${jsonFormats.join(", ")}`);
    const wearer = people.wearerOf(person);
    const now = people.clock.now();
    return bodyOf(format, wearer, daysOf(wearer, { days: daysAsked(request), now }), now);
  });

  app.get("/_sandbox/requests", async () => ({ requests: people.requests.all() }));

  app.delete("/_sandbox/requests", async (_request, reply) => {
    people.requests.clear();
    return reply.code(204).send();
  });
}

const daysAsked = (request: FastifyRequest): number => checkedBody(days, query(request, "days"));
