/** Problems that calls are answered with, in the server's own words. */
import type { components } from "./schema.gen.ts";

export type Problem = Pick<components["schemas"]["Problem"], "message" | "code" | "details">;

const unreachable: Problem = {
  code: "SERVER_UNREACHABLE",
  message: "The server does not answer. Check that it runs and that you are online",
  details: {},
};

/** Anything that a call may reject with, as one shape. */
export function asProblem(thrown: unknown, status?: number): Problem {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return thrown as Problem;
  }
  if (status !== undefined) {
    return {
      code: `HTTP_${status}`,
      message: `The server answered ${status} without an explanation`,
      details: {},
    };
  }
  return unreachable;
}

/** The problems of single fields, by the server's name of it: `email`, `settings.url`. Empty when nothing failed. */
export function fieldProblems(thrown: unknown): Record<string, string> {
  const { details } = asProblem(thrown);
  const fields = Array.isArray(details.fields) ? details.fields : [];
  const named = fields.map(({ field, problem }) => [String(field), String(problem)] as const);
  return Object.fromEntries([...named, ...settingProblems(details.settings)]);
}

/** A destination's settings are refused as a list of `url: must be …`, each name as its kind declares it. */
function settingProblems(settings: unknown): (readonly [string, string])[] {
  return (Array.isArray(settings) ? settings : []).map(String).flatMap((line) => {
    const end = line.indexOf(": ");
    return end < 0 ? [] : [[`settings.${line.slice(0, end)}`, line.slice(end + 2)] as const];
  });
}
