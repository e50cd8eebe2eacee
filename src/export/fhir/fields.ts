/** The field table of FHIR, out of the tables by which records are written: a field cannot be said and not be done. */
import { type DataType, dataTypes } from "../../models/index.ts";
import { type FieldFate, type FieldTable, leftOut, type ModelFields, written } from "../field-table.ts";
import { fhirTables } from "./models/index.ts";
import type { Code, CodeSource, FhirTable, FieldRule, ValueRule } from "./table.ts";

const systemNames: Readonly<Record<CodeSource, string>> = {
  loinc: "LOINC",
  own: "own",
  "physical-activity": "HL7 Physical Activity",
  "ieee-11073": "IEEE 11073",
};

const codeText = (code: Code): string =>
  code.map(({ source, code: text }) => `${systemNames[source]} ${text}`).join(" and ");

const placeText: Readonly<Record<ValueRule["place"], string>> = {
  observation: "Observation",
  value: "value of the Observation",
  component: "component",
  note: "Observation.note",
  interpretation: "Observation.interpretation",
};

function valueFate(table: FhirTable, path: string, rule: ValueRule): FieldFate {
  const { form, place, statistic } = rule;
  const to = place === "note" || place === "interpretation" ? "" : `, ${codeText(rule.code)}`;
  const around = place === "observation" ? "" : ` of ${ownerText(table, path, rule)}`;
  const notes = [
    statistic === undefined ? [] : [`method: ${statistic}`],
    form.type === "quantity" && form.divisor !== undefined ? [`divided by ${form.divisor}, 12 digits`] : [],
    form.type === "position" ? ["latitude and longitude as components"] : [],
    form.type === "coded" ? ["the enumeration's value as a code"] : [],
  ].flat();
  const unit = form.type === "quantity" ? form.unit : form.type === "position" ? "deg" : null;
  return written(`${placeText[place]}${to}${around}`, unit, "exact", notes.join("; ") || undefined);
}

/** The Observation in which a component or a value stands. */
function ownerText(table: FhirTable, path: string, rule: ValueRule): string {
  const list = path.includes("[]") ? table.lists[path.slice(0, path.indexOf("[]"))] : undefined;
  const group = rule.group === undefined ? undefined : table.groups?.[rule.group];
  const code = list?.kind === "items" ? list.code : (group ?? table.panel)?.code;
  return code === undefined ? "the Observation" : codeText(code);
}

function fateOf(table: FhirTable, path: string, rule: FieldRule): FieldFate {
  switch (rule.kind) {
    case "omitted":
      return leftOut(rule.why);
    case "used":
      return written(rule.where, null, rule.exact ? "exact" : "derived");
    case "state":
      return written(
        `Observation, ${codeText(rule.code)}, for each change`,
        null,
        "derived",
        "samples that repeat the state before them are one",
      );
    case "series":
      return written(
        `SampledData, ${codeText(rule.code)}`,
        rule.unit,
        "exact",
        [
          rule.factor === undefined ? [] : [`factor ${rule.factor}`],
          rule.unless === undefined
            ? []
            : [`${codeText(rule.unless.code)} where ${rule.unless.field} is ${rule.unless.is}`],
        ]
          .flat()
          .join("; ") || undefined,
      );
    default:
      return valueFate(table, path, rule);
  }
}

/** A list of numbers is a leaf with `[]`, which a position reads as one value. */
const leafPath = (path: string, rule: FieldRule): string =>
  rule.kind === "value" && rule.form.type === "position" ? `${path}[]` : path;

const modelFields = (type: DataType): ModelFields =>
  Object.fromEntries(
    Object.entries(fhirTables[type].fields).map(([path, rule]) => [
      leafPath(path, rule),
      fateOf(fhirTables[type], path, rule),
    ]),
  );

export const fields = Object.fromEntries(dataTypes.map((type) => [type, modelFields(type)])) as FieldTable;
