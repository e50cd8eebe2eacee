/** Days with steps: the data of all invented providers. */
import { z } from "zod";
import { SystoleError } from "../../src/errors.ts";
import { complete } from "../../src/models/index.ts";
import { invalidBody } from "../../src/providers/kit/body-issues.ts";
import { parseRange, ranged } from "../../src/providers/kit/discovery.ts";
import { decodeJson } from "../../src/providers/kit/json-body.ts";
import { mapped } from "../../src/providers/ledger.ts";
import type {
  Discovery,
  Normalizer,
  Part,
  ProviderRequest,
  Resource,
  ResourceRef,
} from "../../src/providers/provider.ts";

export const daySchema = z.object({ day: z.iso.date(), steps: z.int().nullish() });
export type Day = z.output<typeof daySchema>;

const byRange = ranged({ announced: false, reachDays: 30, daysPerCall: 30 });

interface DaysDeclaration {
  readonly name?: string;
  /** The API that serves the days. Absent where they are only pushed. */
  readonly api?: string;
  readonly discovery?: Discovery | null;
  readonly scope?: string;
  readonly nextPage?: NonNullable<Resource["nextPage"]>;
}

/** A list of days, `{"days": [{"day", "steps"}]}`, fetched from `/days` or pushed. */
export function daysResource({
  name = "days",
  api,
  discovery = byRange,
  ...others
}: DaysDeclaration): Resource<Day> {
  return {
    ...others,
    ...(api !== undefined && { api, request: (key: string) => requestOf(name, key) }),
    name,
    discovery,
    ledger: {
      day: mapped("daily.metadata.start_time", "exact"),
      steps: mapped("daily.distance_data.steps", "exact"),
    },
    decode: (body) => decodeJson(name, body),
    parts(key, body) {
      const { days } = readBody(z.object({ days: z.array(daySchema) }), { resource: name, key }, body);
      return days.map((value) => ({ resource: name, key: value.day, value }));
    },
    timeOf: ({ key }) => key,
  };
}

/** @throws ProviderError PROVIDER_BODY_INVALID with the paths of the faults */
export function readBody<Schema extends z.ZodType>(
  schema: Schema,
  ref: ResourceRef,
  body: unknown,
): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
  throw invalidBody(ref, "later", issues);
}

function requestOf(resource: string, key: string): ProviderRequest {
  const days = parseRange(key);
  if (days === null) throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource, key });
  return { method: "GET", path: `/${resource}?from=${days.from}&to=${days.to}` };
}

/** Makes a daily record of each day from the parts of these resources. The first with steps gives them. */
export const dailyFrom = (...resources: readonly string[]): Normalizer => ({
  type: "daily",
  needs: resources,
  affects: ({ resource, key }) => (resources.includes(resource) ? [{ type: "daily", naturalKey: key }] : []),
  partsOf: (key) => resources.map((resource) => ({ resource, key })),
  normalize(parts) {
    const [first] = parts as readonly Part<Day>[];
    if (first === undefined) return null;
    const { day } = first.value;
    const steps =
      (parts as readonly Part<Day>[]).find(({ value }) => value.steps != null)?.value.steps ?? null;
    return complete("daily", {
      metadata: { start_time: `${day}T00:00:00.000000`, end_time: `${day}T23:59:59.000000`, upload_type: 1 },
      distance_data: { steps },
    });
  },
});
