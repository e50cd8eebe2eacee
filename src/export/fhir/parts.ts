/** Values of fields, gathered for the Observation in which they stand: of an item, of a group, of the whole record. */
import { concept, notKnown } from "./codes.ts";
import { type Context, isAbsent, valueAt } from "./context.ts";
import type { Parts } from "./observation.ts";
import type { Code, Form, ValueRule } from "./table.ts";
import type { Component } from "./types.ts";
import { interpretation, reasons, write } from "./value.ts";

export type Content = Pick<Parts, "value" | "components" | "notes" | "interpretation">;

export const isEmptyContent = ({ value, components = [], notes = [] }: Content): boolean =>
  value === undefined && components.length + notes.length === 0;

export interface ValueField {
  /** The whole path, for what is said about the field. */
  readonly path: string;
  /** The path below the item, or below the record. */
  readonly inside: string;
  readonly rule: ValueRule;
}

/** Reads the fields and writes their values, each at its place. Absent fields add nothing. */
export function contentOf(context: Context, data: unknown, fields: readonly ValueField[]): Content {
  const components: Component[] = [];
  const notes: string[] = [];
  let rest: Pick<Content, "value" | "interpretation"> = {};
  for (const { path, inside, rule } of fields) {
    const given = valueAt(data, inside);
    if (isAbsent(given)) continue;
    if (rule.place === "interpretation") {
      const found = interpretation(given, rule.form);
      if (found === null) context.leaveOut(path, reasons.noCode);
      else rest = { ...rest, interpretation: found };
      continue;
    }
    const result = write(given, inItsUnit(rule.form, data), context);
    if ("reason" in result) context.leaveOut(path, result.reason);
    else if (rule.place === "value") rest = { ...rest, value: result.value };
    else if (rule.place === "note") notes.push(result.value.valueString as string);
    else components.push({ code: concept(rule.code, context.systems), ...result.value });
  }
  return { ...rest, components, notes };
}

/** Returns the form with the unit that another field of the item says. */
function inItsUnit(form: Form, data: unknown): Form {
  if (form.type !== "quantity" || form.unitIn === undefined) return form;
  const { field, units } = form.unitIn;
  return { ...form, unit: units.get(valueAt(data, field)) ?? form.unit };
}

/** Adds the components that a profile requires; their values are not known. */
export function withRequired(
  { components = [], ...content }: Content,
  required: readonly Code[],
  context: Context,
): Content {
  const codes = new Set(components.map(({ code }) => code.coding?.[0]?.code));
  const missing = required
    .filter(([first]) => !codes.has(first?.code))
    .map((code) => ({ code: concept(code, context.systems), dataAbsentReason: notKnown }));
  return { ...content, components: [...components, ...missing] };
}
