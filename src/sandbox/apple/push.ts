/** Pushes to Systole as the apps do: JSON a week at a time, an export as one resumable file. */
import { ControlRefusal } from "../kit/control.ts";
import { bodyOf, exportFile, type Format, type JsonFormat, uploadName } from "./bodies.ts";
import type { Day } from "./generate/facts.ts";
import { daysOf, type Period } from "./generate/index.ts";
import type { Address, People, Person } from "./state.ts";

const daysPerBody = 7;

export interface Pushed {
  /** The number of requests, each of which was answered with success. */
  readonly requests: number;
  readonly bytes: number;
  /** The number of items in them, by kind. */
  readonly stored: Readonly<Record<string, number>>;
}

interface Push {
  readonly people: People;
  readonly person: Person;
  readonly address: Address;
  readonly format: Format;
}

/** @throws ControlRefusal when the phone is not set up, or Systole refuses */
export async function push(people: People, person: Person, format: Format, days: number): Promise<Pushed> {
  const { address } = person;
  if (address === null) throw new ControlRefusal(409, "The phone is not set up: PUT users/{id}/phone");
  const period = { days, now: people.clock.now() };
  const facts = daysOf(people.wearerOf(person), period);
  const sending = { people, person, address, format };
  const sizes =
    format === "export"
      ? [await pushExport(sending, period)]
      : await pushBodies({ ...sending, format }, facts, period.now);
  return {
    requests: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    stored: countsOf(facts),
  };
}

async function pushBodies(
  sending: Push & { readonly format: JsonFormat },
  facts: readonly Day[],
  now: number,
): Promise<number[]> {
  const { people, person, format } = sending;
  const wearer = people.wearerOf(person);
  const sizes: number[] = [];
  for (let from = 0; from < facts.length; from += daysPerBody) {
    const days = facts.slice(from, from + daysPerBody);
    const body = Buffer.from(JSON.stringify(bodyOf(format, wearer, days, now)));
    const headers = { "content-type": "application/json", ...appHeaders(format, `${person.id}-${now}`) };
    await send(sending, { method: "POST", url: urlOf(sending), headers, body });
    sizes.push(body.length);
  }
  return sizes;
}

/** Health Auto Export says how it was asked to export, and which bodies belong together. */
function appHeaders(format: Format, session: string): Record<string, string> {
  if (format !== "health-auto-export") return {};
  return {
    "automation-period": "Default",
    "automation-aggregation": "Hours",
    "session-id": session,
  };
}

/** By the tus protocol: the upload is made, and then its bytes are sent. */
async function pushExport(sending: Push, period: Period): Promise<number> {
  const { people, person } = sending;
  const file = await exportFile(people.wearerOf(person), period);
  const tus = { "tus-resumable": "1.0.0" };
  const url = urlOf(sending);
  const made = await send(sending, {
    method: "POST",
    url,
    headers: {
      ...tus,
      "upload-length": String(file.length),
      "upload-metadata": `filename ${Buffer.from("export.zip").toString("base64")}`,
    },
  });
  const location = made.headers.get("location");
  if (location === null) throw new ControlRefusal(502, "The answer to the upload has no location");
  const headers = { ...tus, "upload-offset": "0", "content-type": "application/offset+octet-stream" };
  await send(sending, { method: "PATCH", url: new URL(location, url).href, headers, body: file });
  return file.length;
}

/** The SDKs know a host and the person's id, and make the address themselves. */
function urlOf({ address, person, format }: Push): string {
  const urls = address.uploadUrls;
  if (format === "open-wearables") {
    const [any = ""] = Object.values(urls);
    return new URL(`/api/v1/sdk/users/${person.id}/sync`, any).href;
  }
  const url = urls[uploadName(format)];
  if (url === undefined) throw new ControlRefusal(409, `The phone knows no address for ${format}`);
  return url;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

async function send(
  { people, person, address }: Push,
  { method, url, headers, body }: Sent,
): Promise<Response> {
  const noted = people.requests.add({
    method,
    path: new URL(url).pathname,
    status: null,
    at: people.clock.iso(),
    user_id: person.id,
  });
  const answer = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${address.uploadToken}` },
    ...(body !== undefined && { body: new Uint8Array(body) }),
  }).catch((error: unknown) => {
    throw new ControlRefusal(
      502,
      `Systole cannot be reached: ${error instanceof Error ? error.message : error}`,
    );
  });
  noted.status = answer.status;
  if (answer.ok) return answer;
  throw new ControlRefusal(502, `Systole answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
}

function countsOf(facts: readonly Day[]): Record<string, number> {
  const sum = (count: (day: Day) => number): number => facts.reduce((total, day) => total + count(day), 0);
  return {
    days: facts.length,
    samples: sum(({ samples }) => samples.length),
    workouts: sum(({ workouts }) => workouts.length),
    nights: sum(({ samples }) => sleepSessions(samples)),
    correlations: sum(({ correlations }) => correlations.length),
    ecgs: sum(({ ecgs }) => ecgs.length),
  };
}

/** A night begins with the phone's time in bed; a nap is the only sleep without stages. */
const sleepSessions = (samples: Day["samples"]): number =>
  samples.filter(({ type, value }) => type === "HKCategoryTypeIdentifierSleepAnalysis" && value < 2).length;
