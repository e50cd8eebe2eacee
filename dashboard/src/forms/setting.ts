/** The settings that a plugin declares, as JSON Schema: all that a form needs to know of them. */
import { capitalized } from "../ui/words.ts";

export interface Setting {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly control: "text" | "lines" | "secret" | "secret-lines" | "choice" | "switch" | "number" | "headers";
  readonly isRequired: boolean;
  readonly choices: readonly string[];
  readonly fallback: string | number | boolean | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

export type SettingValue = string | number | boolean | Record<string, string> | null;
export type SettingValues = Readonly<Record<string, SettingValue>>;

interface PropertySchema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly secret?: boolean;
  readonly sent?: boolean;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
}

/** Whole keys and certificates are this long or longer. */
const longText = 16_000;

/**
 * Returns the settings in the order declared. A secret that Systole makes by itself is not required, and one that
 * only a rotation sets is left out.
 */
export function settingsOf(schema: Readonly<Record<string, unknown>>, makesSecret: boolean): Setting[] {
  const { properties = {}, required = [] } = schema as ObjectSchema;
  return Object.entries(properties)
    .filter(([name]) => !name.startsWith("previous_"))
    .map(([name, property]) =>
      settingOf(name, property, required.includes(name) && !isMade(property, makesSecret)),
    );
}

/** A secret that is never sent anywhere only signs: Systole can make it. */
const isMade = ({ secret, sent }: PropertySchema, makesSecret: boolean): boolean =>
  makesSecret && secret === true && sent === false;

function settingOf(name: string, property: PropertySchema, isRequired: boolean): Setting {
  return {
    name,
    label: labelOf(name),
    help: property.description ?? "",
    control: controlOf(property),
    isRequired,
    choices: property.enum ?? [],
    fallback: property.default,
    minimum: property.minimum,
    maximum: property.maximum,
  };
}

function controlOf({
  type,
  enum: choices,
  secret = false,
  maxLength = 0,
  pattern = "",
}: PropertySchema): Setting["control"] {
  if (choices !== undefined) return "choice";
  if (type === "boolean") return "switch";
  if (type === "integer" || type === "number") return "number";
  if (type === "object") return "headers";
  const isLong = maxLength >= longText || pattern.includes("BEGIN");
  if (secret) return isLong ? "secret-lines" : "secret";
  return isLong ? "lines" : "text";
}

const capitals: Readonly<Record<string, string>> = {
  url: "URL",
  id: "ID",
  sas: "SAS",
  tls: "TLS",
  ssl: "TLS",
  ca: "CA certificate",
  gzip: "Compress bodies (gzip)",
  api: "API",
};

/** `client_id` is shown as `Client ID`. */
function labelOf(name: string): string {
  const words = name.split("_").map((word) => capitals[word] ?? word);
  return capitalized(words.join(" "));
}
