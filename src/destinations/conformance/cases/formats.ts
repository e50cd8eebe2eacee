/** Records in other formats than Terra's arrive as they are. */
import type { RecordFormatName } from "../../../export/formats.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { type Bench, deadline, NotApplicable, openGuard } from "../bench.ts";
import { dataEvent, plainEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";
import { inFormat } from "../formed.ts";

/** A target that is read field by field is not asked for bytes that are no JSON. */
const comparable = ({ formats, behaviour }: Bench): readonly string[] =>
  formats.filter((name) => name === "fhir" || behaviour.exact === "bytes");

export const formatCases = {
  async "delivers records in each format that it declares"(bench: Bench) {
    const names = comparable(bench) as readonly RecordFormatName[];
    if (names.length === 0) throw new NotApplicable("it takes Terra's format alone");
    const all: OutgoingEvent[] = [];
    for (const name of names) {
      const formed = [[{}], [{}, { revision: 7 }]].map((records) =>
        inFormat(dataEvent("body", records), name),
      );
      const events = [...(await Promise.all(formed)), dataEvent(), plainEvent("auth")];
      const { settings, fhir = settings } = bench.place;
      const sender = bench.connect(name === "fhir" ? fhir : settings, openGuard, name);
      for (const event of events) await sender.deliver(event, deadline());
      all.push(...events);
    }
    await expectArrivals(bench, all);
  },
};
