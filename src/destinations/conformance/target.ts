/** The contract of a test target: the real server of a kind, and places on it to deliver to. */
import type { OutgoingEvent } from "../destination.ts";

/** A destination's settings as a developer gives them. */
export type Settings = Readonly<Record<string, unknown>>;

/** One record or message as the target stores it. */
export interface Arrival {
  /** The event's id, as the target keeps it; null where it keeps none (`asKept`). */
  readonly eventId: string | null;
  /** Null where the target stores none (an auth event). */
  readonly revision: number | null;
  /** The JSON in the target: the event's, or a record's where the target stores records. */
  readonly json: string;
}

/** A fresh database, bucket, queue or topic with credentials that have the least permissions needed. */
export interface Place {
  readonly settings: Settings;
  /** Settings for the format `fhir`, where that needs more permissions. */
  readonly fhir?: Settings;
  /** All that it holds now, read without the sender's code, with the vendor's client. */
  arrivals(): Promise<readonly Arrival[]>;
  /** Settings with credentials that the server does not know. */
  readonly wrongCredentials?: Settings;
  /** Settings that lack one permission each, by the name that check() must give. */
  readonly lacking?: Readonly<Record<string, Settings>>;
  /** Removes the tables, collections or topics that the sender made here. */
  drop?(): Promise<void>;
  /** Returns the event changed so that this target rejects it, while it takes the others of its batch. */
  poison?(event: OutgoingEvent): OutgoingEvent;
  close(): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server that runs. */
export interface Target {
  /** e.g. "MariaDB 10.11.14". */
  readonly server: string;
  /** The address of the server itself; the suite puts a proxy before it that can fail. */
  readonly address: Address;
  /** The port the proxy must have, where the server itself tells clients how to reach it (Kafka does). */
  readonly proxyPort?: number;
  /** A new place, to be reached by the sender at this address; the vendor's client goes past the proxy. */
  open(reached: Address): Promise<Place>;
  /** Ends the server's process and starts it again with its contents; absent where they would be lost. */
  restart?(): Promise<void>;
  close(): Promise<void>;
}

/** The beginning of an answer, in the target's protocol, that claims to be larger than any memory. */
export interface EndlessAnswer {
  readonly begins: Buffer;
  /** The server greets before it is asked anything. */
  readonly speaksFirst?: boolean;
  /** Settings in which the kind speaks to it without TLS. */
  readonly settings?: Settings;
}

/** The endless answer of kinds that speak HTTP. */
export const endlessHttp: EndlessAnswer = {
  begins: Buffer.from("HTTP/1.1 200 OK\r\ncontent-type: application/xml\r\n\r\n<Answer>"),
};

/** The behaviour of the target with events; the suite's expectations follow from it. */
export interface TargetBehaviour {
  readonly kind: string;
  /** "newest": one arrival for a record, the newest. "all": every event once or more. */
  readonly keeps: "newest" | "all";
  /** "bytes": json is exactly the text of the event or record. "fields": the same fields and values. */
  readonly exact: "bytes" | "fields";
  /** json is the whole event, or the record alone. */
  readonly holds: "event" | "record";
  /**
   * For a target that takes a record's form apart, keeps no event's id, and is sent no event without records: returns
   * what `arrivals` gives for the form. Absent where the target keeps what it was sent.
   */
  readonly asKept?: (formed: string) => string;
  /** "resources": a record in FHIR is an arrival for each of its Observations. Absent: it is one, the Bundle. */
  readonly fhir?: "resources";
  /** A body of this many bytes must arrive in its link form; null where none is too large. */
  readonly oversizeBytes: number | null;
  /** A body of this many bytes must still arrive whole; four fifths of `oversizeBytes` unless given. */
  readonly fitsBytes?: number;
  readonly endless: EndlessAnswer;
}
