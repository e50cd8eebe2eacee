/** The interactions that deliveries need of a server, compared with its CapabilityStatement. */
import { z } from "zod";

const interactions = z.array(z.object({ code: z.string().optional() })).default([]);

/** https://hl7.org/fhir/R4/capabilitystatement.html, as far as it is needed. */
const schema = z.object({
  fhirVersion: z.string().optional(),
  software: z.object({ name: z.string(), version: z.string().optional() }).optional(),
  rest: z
    .array(
      z.object({
        mode: z.string().optional(),
        interaction: interactions,
        resource: z
          .array(
            z.object({
              type: z.string(),
              interaction: interactions,
              conditionalCreate: z.boolean().default(false),
              conditionalUpdate: z.boolean().default(false),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});
type Resource = z.output<typeof schema>["rest"][number]["resource"][number];

interface Needed {
  readonly interactions: readonly string[];
  readonly conditions: readonly ("conditionalCreate" | "conditionalUpdate")[];
}

/** Observations are overwritten and deleted by the id under which they stand, so no conditional delete is needed. */
const needed: Readonly<Record<string, Needed>> = {
  Patient: { interactions: ["search-type", "create", "update"], conditions: ["conditionalCreate"] },
  Device: { interactions: ["create", "update"], conditions: ["conditionalUpdate"] },
  Observation: {
    interactions: ["search-type", "create", "update", "delete"],
    conditions: ["conditionalCreate"],
  },
};

export interface Capabilities {
  /** For people: "FHIR 4.3.0 instead of R4 (4.0)", "Observation: conditionalCreate". Empty where nothing is missing. */
  readonly missing: readonly string[];
  /** Name and version of the server's software, as far as it tells them. */
  readonly software: string;
}

export function missingCapabilities(statement: Readonly<Record<string, unknown>>): Capabilities {
  const read = schema.safeParse(statement);
  if (!read.success) return { missing: ["a CapabilityStatement that can be read"], software: "" };
  const { fhirVersion = "no version", software, rest } = read.data;
  const server = rest.find(({ mode }) => mode === undefined || mode === "server");
  const transacts = server?.interaction.some(({ code }) => code === "transaction") ?? false;
  const missing = [
    ...(/^4\.0(\.|$)/.test(fhirVersion) ? [] : [`FHIR R4 (4.0): the server speaks ${fhirVersion}`]),
    ...(transacts ? [] : ["transaction"]),
    ...Object.entries(needed).flatMap(([type, wanted]) => {
      const resource = server?.resource.find((one) => one.type === type);
      return resource === undefined ? [type] : missingOf(resource, wanted);
    }),
  ];
  const named = [software?.name, software?.version].filter((word) => word !== undefined).join(" ");
  return { missing, software: [named, `FHIR ${fhirVersion}`].filter((word) => word !== "").join(", ") };
}

function missingOf(resource: Resource, { interactions: wanted, conditions }: Needed): string[] {
  const offered = new Set(resource.interaction.map(({ code }) => code));
  const missing = [
    ...wanted.filter((code) => !offered.has(code)),
    ...conditions.filter((condition) => !resource[condition]),
  ];
  return missing.length === 0 ? [] : [`${resource.type}: ${missing.join(", ")}`];
}
