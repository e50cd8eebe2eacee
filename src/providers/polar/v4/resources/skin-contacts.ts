/** Skin contact of the device: the resource and its ledger. Nobody has reported a body. */
import { z } from "zod";
import { text, time } from "../../../kit/fields.ts";
import { dateOf } from "../../../kit/iso-time.ts";
import { carried, composite, type Ledger } from "../../../ledger.ts";
import { byDays, dayList } from "../resource.ts";
import { listKey, withOnlyList } from "./only-list.ts";
import { impersonal } from "./personal.ts";

/** GET /v4/data/skin-contacts: one recording, with the names that v3 has for the same. */
const schema = z.looseObject({
  startTime: time,
  endTime: text,
  deviceReference: impersonal,
  skinContactChanges: impersonal,
});

const ledger: Ledger = {
  startTime: carried("start of the recording; its date is the record's"),
  endTime: carried("end of the recording"),
  deviceReference: composite(carried("the device that measured")),
  skinContactChanges: composite(carried("whether there is contact, from when on")),
};

export const skinContacts = withOnlyList(
  dayList({
    name: "v4-skin-contacts",
    path: "/skin-contacts",
    scope: "skin_contact:read",
    place: { list: listKey },
    schema,
    ledger,
    discovery: byDays({ daysPerCall: 28 }),
    day: ({ startTime }) => dateOf(startTime),
    order: ({ startTime }) => startTime,
  }),
);
