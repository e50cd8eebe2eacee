/** The person's settings and zones. No path tells their id or their name. */
import type { FastifyInstance } from "fastify";
import { requirePerson } from "../gate.ts";
import { heartRateZones, userSettings } from "../generate/person.ts";
import type { Sandbox } from "../sandbox.ts";
import { bodyOf } from "../state.ts";
import { single } from "../stored.ts";
import { sendJson } from "./asked.ts";

export function personRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.get("/userprofile-service/userprofile/settings", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const text = bodyOf(person, "user-settings", single);
    return text === undefined ? userSettings(person.profile) : sendJson(reply, text);
  });

  app.get("/biometric-service/heartRateZones/v2", async (request, reply) => {
    const person = requirePerson(sandbox, request);
    const text = bodyOf(person, "heart-rate-zones", single);
    return sendJson(reply, text ?? JSON.stringify(heartRateZones));
  });
}
