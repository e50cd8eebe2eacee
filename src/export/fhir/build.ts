/** The Observations of a record, as its model's table says. */
import { type Context, isAbsent, type Span, valueAt } from "./context.ts";
import { itemObservations } from "./items.ts";
import { type Identified, observation } from "./observation.ts";
import { contentOf, isEmptyContent, type ValueField, withRequired } from "./parts.ts";
import type { Plan } from "./plan.ts";
import { positionComponents, seriesObservations } from "./series.ts";
import { stateObservations } from "./states.ts";
import { isPosition, reasons, write } from "./value.ts";

export function observationsOf(context: Context, plan: Plan, data: unknown): Identified[] {
  const { span } = context;
  const members = [
    ...(span === null ? [] : ofRecord(context, plan, data, span)),
    ...plan.items.flatMap((field) => itemObservations(context, data, field)),
    ...plan.series.flatMap((field) => seriesObservations(context, data, field)),
    ...plan.states.flatMap((field) => stateObservations(context, data, field)),
  ];
  if (span !== null) return [...panelOf(context, plan, data, span, members), ...members];
  leaveOutWithoutTime(context, plan, data);
  return members;
}

/** Without a start, what has the record's time has none. */
function leaveOutWithoutTime(context: Context, plan: Plan, data: unknown): void {
  const fields = [...plan.alone, ...plan.panel, ...[...plan.groups.values()].flat()];
  for (const { path } of fields) {
    if (!isAbsent(valueAt(data, path))) context.leaveOut(path, reasons.noTime);
  }
}

/** What has the record's own time. */
function ofRecord(context: Context, plan: Plan, data: unknown, span: Span): Identified[] {
  return [
    ...plan.alone.flatMap((field) => aloneObservation(context, data, field, span)),
    ...[...plan.groups].flatMap(([group, fields]) => groupObservation(context, data, group, fields, span)),
  ];
}

function aloneObservation(context: Context, data: unknown, field: ValueField, span: Span): Identified[] {
  const { path, rule } = field;
  const given = valueAt(data, path);
  if (isAbsent(given)) return [];
  const { code, category, statistic } = rule;
  const own = partSpan(context, data, path);
  const parts = { name: path, code, category, statistic, span: own ?? span, ofRecord: own === null };
  if (rule.form.type === "position") return positionObservation(context, given, parts);
  const result = write(given, rule.form, context);
  if ("value" in result) return [observation(context, { ...parts, value: result.value })];
  context.leaveOut(path, result.reason);
  return [];
}

type Known = Parameters<typeof observation>[1];

/** A position that is not known is an empty list. */
function positionObservation(context: Context, given: unknown, parts: Known): Identified[] {
  if (Array.isArray(given) && given.every(isAbsent)) return [];
  if (isPosition(given))
    return [observation(context, { ...parts, components: positionComponents(context, given) })];
  context.leaveOut(parts.name, reasons.notACoordinate);
  return [];
}

/** The time that a part of the record says itself; null where it says none. */
function partSpan({ table, readTime }: Context, data: unknown, path: string): Span | null {
  const part = Object.entries(table.periods ?? {}).find(([prefix]) => path.startsWith(`${prefix}.`));
  if (part === undefined) return null;
  const [prefix, { start: startField, end: endField }] = part;
  const start = readTime(valueAt(data, `${prefix}.${startField}`));
  const end = readTime(valueAt(data, `${prefix}.${endField}`));
  return start === null ? null : spanBetween(start, end);
}

const spanBetween = (start: Span["start"], end: Span["start"] | null): Span =>
  end !== null && end.hasOffset === start.hasOffset && end.ms >= start.ms ? { start, end } : { start };

function groupObservation(
  context: Context,
  data: unknown,
  name: string,
  fields: readonly ValueField[],
  span: Span,
): Identified[] {
  const group = context.table.groups?.[name];
  const content = contentOf(context, data, fields);
  if (group === undefined || isEmptyContent(content)) return [];
  const { code, statistic, required = [] } = group;
  const whole = withRequired(content, required, context);
  return [observation(context, { name, code, statistic, span, ofRecord: true, ...whole })];
}

/** The Observation of the whole record. The others are its members. */
function panelOf(
  context: Context,
  plan: Plan,
  data: unknown,
  span: Span,
  members: readonly Identified[],
): Identified[] {
  const { panel } = plan.table;
  if (panel === undefined) return [];
  const references = members.map(({ id }) => ({ reference: `urn:uuid:${id}` }));
  const content = contentOf(context, data, plan.panel);
  const parts = { name: "panel", code: panel.code, span, ofRecord: true, members: references, ...content };
  return [observation(context, parts)];
}

/** The time of the whole record; null, and named as left out, where it has no start. */
export function recordSpan(context: Omit<Context, "span">, data: unknown): Span | null {
  const { readTime, leaveOut } = context;
  const [startText, endText] = [valueAt(data, "metadata.start_time"), valueAt(data, "metadata.end_time")];
  const start = readTime(startText);
  if (start === null) {
    leaveOut("metadata.start_time", reasons.notATime);
    return null;
  }
  const end = readTime(endText);
  if (end === null && !isAbsent(endText)) leaveOut("metadata.end_time", reasons.notATime);
  const span = spanBetween(start, end);
  if (end !== null && span.end === undefined) leaveOut("metadata.end_time", reasons.endsBeforeStart);
  return span;
}
