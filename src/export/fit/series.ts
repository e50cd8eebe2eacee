/** Puts the samples of several series on one time line: one message for each second. */
import { type Carried, carry, splitPath, valueAt } from "./carried.ts";
import { fitSeconds, type SampleClock } from "./clock.ts";
import { Message, type Values } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import type { Span } from "./span.ts";

/** A message with the second that it is about. */
export interface Timed {
  readonly second: number;
  readonly message: Message;
}

export interface Timeline {
  readonly clock: SampleClock;
  readonly omissions: Omissions;
}

interface Sample {
  readonly timestamp?: string | null;
}

/** Returns the samples of a series; an empty list where the record has none. */
export function samplesOf(record: unknown, path: string): readonly Sample[] {
  const list = valueAt(record, splitPath(path).list);
  return Array.isArray(list) ? list : [];
}

export interface SeriesGroup<Field extends string> {
  readonly series: readonly Carried<Field>[];
  /** The field with the time; `timestamp` unless given. */
  readonly timeField?: Field;
  /** What each message has besides. */
  readonly constant?: Values<Field>;
}

/**
 * Returns one message for each second in which one of the series has a sample, in order. Of several samples of a series
 * within a second the first is written, because FIT's time has whole seconds.
 */
export function timedMessages<Field extends string>(
  record: unknown,
  { series, timeField, constant }: SeriesGroup<Field>,
  { clock, omissions }: Timeline,
): Timed[] {
  const seconds = new Map<number, Message<Field>>();
  for (const carried of series) {
    for (const { second, value } of firstInSecond(record, carried, { clock, omissions })) {
      const message = seconds.get(second) ?? begin(carried, second, timeField, constant);
      if (carry(message, carried, value, omissions)) seconds.set(second, message);
    }
  }
  return [...seconds].map(([second, message]) => ({ second, message })).sort(bySecond);
}

/** Returns the value of a series in each second, and notes the samples that are none of them. */
function firstInSecond(
  record: unknown,
  { path }: Pick<Carried, "path">,
  { clock, omissions }: Timeline,
): { second: number; value: unknown }[] {
  const { item } = splitPath(path);
  const taken = new Set<number>();
  return samplesOf(record, path).flatMap((sample) => {
    const value = (sample as Readonly<Record<string, unknown>>)[item];
    if (value === null || value === undefined) return [];
    const ms = clock.ms(sample.timestamp);
    const second = ms === null ? null : fitSeconds(ms);
    if (second !== null && !taken.has(second)) {
      taken.add(second);
      return [{ second, value }];
    }
    omissions.add(
      path,
      second === null ? "a sample without a time that FIT can say" : "a further sample within a second",
    );
    return [];
  });
}

function begin<Field extends string>(
  { message: spec }: Carried<Field>,
  second: number,
  timeField: Field | undefined,
  constant: Values<Field> | undefined,
): Message<Field> {
  const message = new Message(spec);
  message.put(timeField ?? ("timestamp" as Field), second);
  return constant ? message.set(constant) : message;
}

const bySecond = (a: Timed, b: Timed): number => a.second - b.second;

/** The first and the last second of a file. */
export interface Edges {
  readonly first: number;
  readonly last: number;
}

/**
 * Returns the first and the last second of the span and of the messages together. A provider's samples may lie outside
 * of the time that it gives, and the messages around them must not go back in time.
 */
export function edgesOf({ startMs, endMs }: Span, ...groups: readonly (readonly Timed[])[]): Edges {
  let [first, last] = [fitSeconds(startMs), fitSeconds(endMs)];
  for (const { second } of groups.flat()) {
    first = Math.min(first, second);
    last = Math.max(last, second);
  }
  return { first, last };
}

/** Returns all messages in the order of their times; those of one second in the order given. */
export const inOrder = (...groups: readonly (readonly Timed[])[]): Message[] =>
  groups
    .flat()
    .sort(bySecond)
    .map(({ message }) => message);
