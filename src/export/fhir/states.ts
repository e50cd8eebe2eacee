/** States that last until the next one, as the stages of a night: an Observation for each, with its period. */
import { ownConcept } from "./codes.ts";
import { type Context, type Fields, isAbsent, listAt } from "./context.ts";
import { type Identified, observation } from "./observation.ts";
import { timeName } from "./series.ts";
import type { StateRule } from "./table.ts";
import type { FhirTime } from "./time.ts";
import { reasons } from "./value.ts";

export interface StateField {
  readonly list: string;
  readonly field: string;
  readonly time: string;
  readonly rule: StateRule;
}

interface State {
  readonly time: FhirTime;
  readonly code: string;
}

/** Samples that repeat the state before them begin nothing, so they add no Observation. */
export function stateObservations(context: Context, data: unknown, field: StateField): Identified[] {
  const given = listAt(data, field.list)
    .map((item) => stateOf(context, item, field))
    .filter((state) => state !== null)
    .toSorted((one, other) => one.time.ms - other.time.ms);
  const [withOffset, without] = [true, false].map((has) =>
    given.filter(({ time }) => time.hasOffset === has),
  );
  return [withOffset, without].flatMap((states) => onOneTimeLine(context, states as State[], field));
}

function onOneTimeLine(context: Context, states: readonly State[], field: StateField): Identified[] {
  const first = firstAtEachTime(context, states, field);
  const begun = first.filter(({ code }, index) => index === 0 || first[index - 1]?.code !== code);
  return begun.map(({ time, code }, index) =>
    observation(context, {
      name: `${field.list}[].${field.field}@${timeName(time)}`,
      code: field.rule.code,
      span: { start: time, end: laterEnd(time, begun[index + 1]?.time ?? context.span?.end) },
      value: { valueCodeableConcept: ownConcept(code, context.systems) },
    }),
  );
}

/** Of two states at one time the first stays. */
function firstAtEachTime(context: Context, states: readonly State[], { list, field }: StateField): State[] {
  return states.filter(({ time, code }, index) => {
    const before = states[index - 1];
    if (before === undefined || before.time.ms !== time.ms) return true;
    if (before.code !== code) context.leaveOut(`${list}[].${field}`, reasons.sameTime);
    return false;
  });
}

/** A time on another time line (with an offset, where this has none) is no end. */
function laterEnd(start: FhirTime, end: FhirTime | undefined): FhirTime | undefined {
  return end !== undefined && end.hasOffset === start.hasOffset && end.ms > start.ms ? end : undefined;
}

function stateOf(
  context: Context,
  item: Fields,
  { list, field, time: timeField, rule }: StateField,
): State | null {
  const given = item[field];
  if (isAbsent(given)) return null;
  const time = context.readTime(item[timeField]);
  const code = rule.codes.get(given);
  if (time !== null && code !== undefined) return { time, code };
  context.leaveOut(`${list}[].${field}`, time === null ? reasons.noTime : reasons.noCode);
  return null;
}
