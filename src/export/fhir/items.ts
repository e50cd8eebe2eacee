/** Lists of things with fields of their own: laps, meals, measurements of a scale. */
import { type Context, type Fields, isAbsent, listAt, type Span, valueAt } from "./context.ts";
import { type Identified, observation } from "./observation.ts";
import { contentOf, isEmptyContent, type ValueField, withRequired } from "./parts.ts";
import { type SeriesField, signalOf, timeName } from "./series.ts";
import type { ItemList } from "./table.ts";
import { reasons, write } from "./value.ts";

export interface ItemsField {
  readonly list: string;
  readonly rule: ItemList;
  readonly fields: readonly ValueField[];
  /** The sampled signal within each item, as of an ECG. */
  readonly signal: SeriesField | undefined;
}

interface Item {
  readonly name: string;
  readonly span: Span;
  readonly ofRecord: boolean;
  readonly data: Fields;
}

export function itemObservations(context: Context, data: unknown, field: ItemsField): Identified[] {
  const names = new Map<string, number>();
  return listAt(data, field.list).flatMap((given, index) => {
    const span = spanOf(context, given, field);
    if (span === null) return [];
    const base = nameOf(given, index, span, field.rule);
    const times = (names.get(base) ?? 0) + 1;
    names.set(base, times);
    const name = `${field.list}[${base}${times > 1 ? `#${times}` : ""}]`;
    const item = { name, span, ofRecord: field.rule.start === undefined, data: given };
    return field.rule.code === undefined ? apart(context, item, field) : together(context, item, field);
  });
}

/** Items without a time of their own have the record's. Those that should have one and have none are left out. */
function spanOf(context: Context, item: Fields, { list, rule, fields }: ItemsField): Span | null {
  if (rule.start === undefined) return context.span;
  const start = context.readTime(item[rule.start]);
  if (start === null) {
    if (fields.some(({ inside }) => !isAbsent(valueAt(item, inside))))
      context.leaveOut(`${list}[]`, reasons.noTime);
    return null;
  }
  const end = rule.end === undefined ? null : context.readTime(item[rule.end]);
  if (end === null) return { start };
  if (end.hasOffset === start.hasOffset && end.ms >= start.ms) return { start, end };
  context.leaveOut(`${list}[].${rule.end}`, reasons.endsBeforeStart);
  return { start };
}

function nameOf(item: Fields, index: number, { start }: Span, rule: ItemList): string {
  if (rule.id !== undefined && typeof item[rule.id] === "string") return `id ${item[rule.id]}`;
  return rule.start === undefined ? String(index) : timeName(start);
}

/** One Observation for the item. */
function together(context: Context, { name, span, ofRecord, data }: Item, field: ItemsField): Identified[] {
  const { code, required = [], category } = field.rule;
  const signal = field.signal === undefined ? null : signalOf(context, data, field.signal);
  const content = contentOf(context, data, field.fields);
  if (code === undefined || (isEmptyContent(content) && signal === null)) return [];
  const whole = withRequired(content, required, context);
  const value = signal === null ? whole.value : { valueSampledData: signal };
  return [observation(context, { name, code, span, ofRecord, category, ...whole, ...(value && { value }) })];
}

/** One Observation for each field. */
function apart(context: Context, { name, span, ofRecord, data }: Item, field: ItemsField): Identified[] {
  return field.fields.flatMap(({ path, inside, rule }) => {
    const given = valueAt(data, inside);
    if (isAbsent(given)) return [];
    const result = write(given, rule.form, context);
    if ("reason" in result) {
      context.leaveOut(path, result.reason);
      return [];
    }
    const { code, category } = rule;
    const parts = { name: `${name}.${inside}`, code, category, span, ofRecord, value: result.value };
    return [observation(context, parts)];
  });
}
