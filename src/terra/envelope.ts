/** Writes the JSON around records. It is text, so that records of any size pass through unparsed. */
import { type DataType, payloadVersion, type TerraUser } from "../models/index.ts";

/** The text before and after the records. Commas separate the records. */
export interface Envelope {
  readonly head: string;
  readonly tail: string;
}

/** The envelope of a data event. */
export function eventEnvelope(type: DataType, user: TerraUser): Envelope {
  return envelope(type, `{"type":"${type}","version":"${payloadVersion}","user":${JSON.stringify(user)}`);
}

/** The envelope of an answer to a read. */
export function answerEnvelope(type: DataType, user: TerraUser): Envelope {
  return envelope(type, `{"status":"success","type":"${type}","user":${JSON.stringify(user)}`);
}

/** @param head the object's other fields, without a closing brace; an athlete is one object and not a list */
function envelope(type: DataType, head: string): Envelope {
  return type === "athlete"
    ? { head: `${head},"athlete":`, tail: "}" }
    : { head: `${head},"data":[`, tail: "]}" };
}
