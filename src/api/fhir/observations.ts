/** The search for Observations of one Patient, by code and date. */
import { z } from "zod";
import { type DateSearch, datePrefixes, readCodes, readDate } from "../../export/fhir/search.ts";
import type { DataType } from "../../models/index.ts";
import type { RecordsWanted } from "../../requests/record-pages.ts";
import { findConnection } from "../../store/connections.ts";
import { isUuid } from "../../store/identifiers.ts";
import { environmentIdOf } from "../auth.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { pageQuery, searchset } from "./page.ts";
import { answerResources, firstDay, lastDay } from "./resources.ts";

const mostTests = 20;
const repeated = z.union([z.string(), z.array(z.string()).max(mostTests)]).optional();

const querystring = z.strictObject({
  patient: z.string("is required: the id of a Patient, or its address").max(2_048),
  code: repeated,
  date: repeated,
  ...pageQuery,
});

export function observationRoutes(app: Api, services: ApiServices): void {
  const schema = { tags: ["FHIR"], summary: "Observations of a Patient", querystring, hide: true };
  app.get("/Observation", { schema }, async (request) => {
    const { patient, code, date, _count: count, _page: page } = request.query;
    const codes = listed(code).map(codeTest);
    const dates = listed(date).map(dateSearch);
    const connection = await found(services, environmentIdOf(request), patient);
    const { publicUrl } = services;
    if (connection === null) return searchset({ publicUrl, request, resources: [], next: null });
    return answerResources(services, request, connection, {
      before: async () => ({ resources: [], included: [] }),
      page,
      count,
      days: daysOf(dates),
      isWanted: (resource) =>
        resource.resourceType === "Observation" &&
        codes.every((test) => test(resource.code)) &&
        dates.every(({ test }) => test(resource)),
    });
  });
}

const listed = (given: string | readonly string[] | undefined): readonly string[] => [given ?? []].flat();

/**
 * Returns the connection of a reference: an id, `Patient/` and an id, or the Patient's whole address. A Patient that is
 * not in the environment, and one of another server, has no Observations.
 */
async function found({ store: { db }, publicUrl }: ApiServices, environmentId: string, patient: string) {
  const own = `${publicUrl}/fhir/`;
  const relative = patient.startsWith(own) ? patient.slice(own.length) : patient;
  const userId = relative.replace(/^Patient\//, "");
  return isUuid(userId) ? findConnection(db, { environmentId, userId }) : null;
}

/** @throws SystoleError REQUEST_INVALID */
function codeTest(text: string) {
  const test = readCodes(text);
  if (test === null) throw fieldInvalid("query", "code", "is system|code, code or system|");
  return test;
}

/** @throws SystoleError REQUEST_INVALID */
function dateSearch(text: string): DateSearch {
  const search = readDate(text);
  if (search !== null) return search;
  throw fieldInvalid("query", "date", `is a date or time of FHIR, alone or after ${datePrefixes.join(", ")}`);
}

/** The types whose Observations are all within the record's own days. A cycle, for one, tells of days long before. */
const datedTypes: readonly DataType[] = ["activity", "daily", "sleep"];
function daysOf(dates: readonly DateSearch[]): RecordsWanted["days"] {
  if (dates.length === 0) return null;
  const from = dates.map((date) => date.from ?? firstDay).reduce((one, other) => (one > other ? one : other));
  const to = dates.map((date) => date.to ?? lastDay).reduce((one, other) => (one < other ? one : other));
  return { types: datedTypes, span: { from, to }, by: "touch" };
}
