/** Finding people among many, and the days on which there is something of one of them. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { findPeople, type PersonPlace } from "../../store/people.ts";
import { countByDay } from "../../store/records.ts";
import { environmentIdOf } from "../auth.ts";
import { fieldInvalid } from "../field-invalid.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { readPlace, writePlace } from "./places.ts";
import { show, shownUser, userParams } from "./users.ts";

const tags = ["Admin: users"];
const states = ["active", "paused", "trouble", "revoked"] as const;
/** A time as PostgreSQL writes it. */
const timeText = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?[+-]\d{2}(:\d{2}){0,2}$/);
const placeSchema = z.tuple([timeText, z.guid()]);
const longestDays = 800;
const dayMs = 24 * 3_600_000;

export function peopleRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  calendarRoute(app, services);
}

function listRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "People, newest first, by what is known of them",
    querystring: z.object({
      limit: z.coerce.number().int().min(1).max(500).default(50),
      before: z.string().max(200).optional().describe("`next` of the page before"),
      search: z
        .string()
        .trim()
        .min(1)
        .max(256)
        .optional()
        .describe("A user_id, or the beginning of a reference_id"),
      provider: z.string().max(64).optional().describe("A slug"),
      state: z.enum(states).optional().describe("`trouble`: the provider refuses or fails for this person"),
    }),
    response: { 200: z.object({ data: z.array(shownUser), next: z.string().nullable() }) },
  };
  app.get("/people", { schema }, async (request) => {
    const { limit, before, ...filter } = request.query;
    const place: PersonPlace | undefined = before === undefined ? undefined : readPlace(before, placeSchema);
    const page = { limit: limit + 1, before: place };
    const rows = await findPeople(store.db, environmentIdOf(request), filter, page);
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return { data: data.map(show), next: rows.length > limit && last ? writePlace(last.place) : null };
  });
}

const calendarDay = component(
  "CalendarDay",
  z.object({ type: z.string(), day: z.iso.date(), records: z.int() }),
);

function calendarRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "The number of records of each type on each local day of a person",
    params: userParams,
    querystring: z.object({
      from: z.iso.date().describe("Included"),
      to: z.iso.date().describe(`Included; ${longestDays} days at the most`),
    }),
    response: { 200: z.object({ data: z.array(calendarDay).describe("Days without records are left out") }) },
  };
  app.get("/users/:id/calendar", { schema }, async (request) => {
    const { from, to } = request.query;
    assertSpan(from, to);
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const id = { environmentId: connection.environment_id, userId: connection.user_id };
    return { data: await countByDay(store.db, id, { from, to }) };
  });
}

/** @throws SystoleError REQUEST_INVALID, DATE_RANGE_REVERSED */
function assertSpan(from: string, to: string): void {
  if (to < from) throw new SystoleError("DATE_RANGE_REVERSED");
  if ((Date.parse(to) - Date.parse(from)) / dayMs < longestDays) return;
  throw fieldInvalid("query", "to", `is more than ${longestDays} days after from`);
}
