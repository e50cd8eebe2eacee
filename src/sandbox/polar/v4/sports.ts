import type { FastifyInstance } from "fastify";
import { sendJson } from "../http.ts";
import type { Sandbox } from "../sandbox.ts";
import { sendList } from "./answers.ts";
import type { Json } from "./data.ts";
import { requireScope } from "./gate.ts";
import type { Switches } from "./switches.ts";

interface Sport {
  readonly id: number;
  readonly name: string;
  readonly long: string;
  readonly parent?: number;
}

/** The sandbox's own catalogue: the sports of its people, and a few more. */
export const catalogue: readonly Sport[] = [
  { id: 1, name: "RUNNING", long: "Running" },
  { id: 2, name: "CYCLING", long: "Cycling" },
  { id: 3, name: "WALKING", long: "Walking" },
  { id: 11, name: "HIKING", long: "Hiking" },
  { id: 15, name: "STRENGTH_TRAINING", long: "Strength training" },
  { id: 17, name: "TREADMILL_RUNNING", long: "Treadmill running", parent: 1 },
  { id: 23, name: "SWIMMING", long: "Swimming" },
  { id: 27, name: "TRAIL_RUNNING", long: "Trail running", parent: 1 },
  { id: 38, name: "ROAD_BIKING", long: "Road cycling", parent: 2 },
  { id: 103, name: "POOL_SWIMMING", long: "Pool swimming", parent: 23 },
  { id: 126, name: "CORE", long: "Core" },
  { id: 900, name: "SANDBOX_SPORT", long: "A sport that only the sandbox has" },
];

/** Returns the id of a sport by the name that v3 uses for it. */
export const sportId = (name: string): number => catalogue.find((sport) => sport.name === name)?.id ?? 900;

export function sportRoutes(app: FastifyInstance, sandbox: Sandbox, base: string): void {
  app.get(`${base}/sports/list`, async (request, reply) => {
    requireScope(sandbox, request, "sports:read");
    const { switches } = sandbox.v4;
    const sports = switches.sports_empty ? [] : catalogue.map((sport) => written(sport, switches));
    const isArray = switches.sports_list === "array" && switches.wrapper === "live";
    if (isArray && (sports.length > 0 || switches.empty === "empty-list")) {
      return sendJson(reply, JSON.stringify(sports));
    }
    return sendList(reply, { list: "sports" }, sports, switches);
  });

  app.get(`${base}/sports/profile-list-catalog`, async (request, reply) => {
    requireScope(sandbox, request, "sports:read");
    const profiles = catalogue.map(({ id }) => ({ sport: { id: String(id) } }));
    return sendList(reply, { list: "sportProfiles" }, profiles, sandbox.v4.switches);
  });
}

function written({ id, name, long, parent }: Sport, switches: Switches): Json {
  return {
    ...idOf(id, switches.sports_id),
    name,
    localizedNames: { en: { longName: long, shortName: long.slice(0, 12) } },
    ...(parent !== undefined && { parentSport: { id: parent } }),
  };
}

function idOf(id: number, form: Switches["sports_id"]): Json {
  if (form === "identifier") return { identifier: { id: String(id) } };
  if (form === "object") return { id: { id } };
  return { id: form === "number" ? id : String(id) };
}
