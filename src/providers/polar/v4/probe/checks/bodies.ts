import type { ProbeCheck, ProbeFinding } from "../../../../provider.ts";
import type { PolarSettings } from "../../../settings.ts";
import { askV4, dateIn, finding, limitHeaders, noted, type Polar, withV4 } from "../calls.ts";
import { readVerdict } from "../forms.ts";
import { type ProbedResource, probedResources, shown } from "../lists.ts";

/** The last days that are complete. One day is all that a call with features may ask for. */
const week = 7;

async function formOf(polar: Polar, { resource, key, path }: ProbedResource): Promise<ProbeFinding> {
  const answer = await askV4(polar, path);
  const { verdict, facts } = readVerdict(resource, key, answer);
  return finding(shown(path), answer, { verdict, facts: { bytes: answer.body.length, ...facts } });
}

/** The wrapper and the form of every body, and whether Systole reads it (POLAR-V4 §3). */
export const bodies: ProbeCheck<PolarSettings> = {
  name: "bodies",
  title: "The form of every body",
  run: withV4(async (polar) => {
    const findings: ProbeFinding[] = [];
    const days = { first: dateIn(polar, -week), last: dateIn(polar, -1) };
    for (const one of probedResources(days)) findings.push(await formOf(polar, one));
    return findings;
  }),
};

/** Section 9, 7: the headers about limits. A 429 is not provoked. */
export const limits: ProbeCheck<PolarSettings> = {
  name: "limits",
  title: "Headers about limits",
  run: withV4(async (polar) => {
    const answer = await askV4(polar, "/sports/list");
    const headers = limitHeaders(answer.headers);
    const isComplete = ["ratelimit-limit", "ratelimit-usage", "ratelimit-reset"].every(
      (name) => name in headers,
    );
    const verdict = isComplete
      ? "The three headers that are known are there."
      : Object.keys(headers).length > 0
        ? "Other headers than the three that are known."
        : "No headers about limits: Systole counts by itself.";
    const { shape: _shape, ...found } = finding("GET /v4/data/sports/list", answer, {
      verdict,
      facts: headers,
    });
    return [{ ...found, shape: [] }];
  }),
};

/** Section 9, 1: the Swagger is on a page that no program can read. */
export const swagger: ProbeCheck<PolarSettings> = {
  name: "swagger",
  title: "Polar's Swagger",
  run: async () => [
    noted(
      "To do by hand: save swagger.yaml from www.polar.com/polar-api-v4/, and compare its sha256 with the one below, which was seen on 30 August 2026. Another one means that the API has changed since.",
      { sha256: "e69062ab64994e1ea1d279c8aa906cb6c13ec06d084edaf0e71f17bc889a5098" },
    ),
  ],
};
