/** Events as Systole makes them, spelled so that re-serialising them would change the text. */
import { randomUUID } from "node:crypto";
import { examples, exampleUser } from "../../models/examples.fixture.ts";
import type { DataType } from "../../models/index.ts";
import type { OutgoingEvent, PayloadLink, SentRequest } from "../destination.ts";

/** An event that remembers whether its link was asked for, and what was noted of it. */
export interface TestEvent extends OutgoingEvent {
  readonly linked: { times: number };
  readonly noted: SentRequest[];
}

export interface GivenRecord {
  readonly naturalKey?: string;
  readonly revision?: number;
  readonly startTime?: string;
  /** Members to add to the record, as JSON text: `"a": 1.0, "b": "…"`. */
  readonly members?: string;
}

export interface GivenEvent {
  readonly id?: string;
  readonly userId?: string | null;
  readonly referenceId?: string | null;
  readonly orderingTimestamp?: number;
}

let count = 0;
/** The time of the first event; events are a second apart, so that none collide by accident. */
const begin = Date.now();

export const newUser = (): string => randomUUID();

/** A data event with these records; with one ordinary record unless they are given. */
export function dataEvent(
  type: DataType = "sleep",
  records: readonly GivenRecord[] = [{}],
  given: GivenEvent = {},
): TestEvent {
  const named = records.map((record) => ({
    naturalKey: randomUUID(),
    revision: 1,
    startTime: nextTime(),
    members: "",
    ...record,
  }));
  const texts = named.map((record) => recordText(type, record));
  const content = type === "athlete" ? `"athlete": ${texts[0]}` : `"data":[${texts.join(" ,")}]`;
  const kept = named.map(({ naturalKey, revision }) => ({ type, naturalKey, revision }));
  return makeEvent(type, given, (user) => `"version":"2022-03-16","user":${user},  ${content}`, kept);
}

/** An event of a type that carries no record, e.g. "auth". */
export function plainEvent(type: string, given: GivenEvent = {}): TestEvent {
  return makeEvent(type, given, (user) => `"status":"success",  "user":${user}, "message":"\\u00e9é♥"`, []);
}

/** A new event with a later revision of the same record. */
export function revised(type: DataType, record: GivenRecord, revision: number, userId: string): TestEvent {
  const members = `"state": "as of revision ${revision}"`;
  return dataEvent(type, [{ ...record, revision, members }], { userId });
}

/** The address in the link form of an event. */
export const linkOf = (eventId: string): string =>
  `https://systole.example/payloads/${eventId}?signature=a%2Bb&expires=600`;

/** The link callback of an event, which cannot be sent to another process. */
export function linkTo(eventId: string, linked: { times: number }): OutgoingEvent["link"] {
  return async (): Promise<PayloadLink> => {
    linked.times++;
    return { url: linkOf(eventId), expiresInSeconds: 600 };
  };
}

function makeEvent(
  type: string,
  given: GivenEvent,
  rest: (user: string) => string,
  records: OutgoingEvent["records"],
): TestEvent {
  const { id = randomUUID(), userId = newUser(), referenceId = "person-1" } = given;
  const linked = { times: 0 };
  const noted: SentRequest[] = [];
  const user = JSON.stringify({ ...exampleUser, user_id: userId, reference_id: referenceId });
  return {
    id,
    type,
    userId,
    referenceId,
    reference: randomUUID(),
    traceId: randomUUID(),
    orderingTimestamp: given.orderingTimestamp ?? begin + ++count * 1_000,
    records,
    body: Buffer.from(`{"type":${JSON.stringify(type)},  ${rest(user)}}`),
    link: linkTo(id, linked),
    linked,
    noteSent: (request) => void noted.push(request),
    noted,
  };
}

/** Every second time has no offset, as from a provider that gives none. */
function nextTime(): string {
  const time = new Date(Date.UTC(2025, 9, 1) + ++count * 60_000).toISOString().replace("Z", "000");
  return count % 2 === 0 ? time : `${time}+02:00`;
}

function recordText(type: DataType, { naturalKey, startTime, members }: Required<GivenRecord>): string {
  const { metadata, ...rest } = examples[type] as Record<string, unknown>;
  const spelled = `"spelling" : [1.0,1e2, "\\u00e9é♥"]${members === "" ? "" : `, ${members}`}`;
  const own = JSON.stringify(rest).slice(1, -1);
  if (type === "athlete") return `{${own}, ${spelled}}`;
  const keyed = { ...(metadata as object), summary_id: naturalKey, start_time: startTime };
  return `{"metadata":${JSON.stringify(keyed)},${own}, ${spelled}}`;
}
