/**
 * `export.xml` as a phone writes it: type by type, each in order of time. Every time is printed with the phone's offset
 * at the moment of the export, whatever the season or the country of the recording.
 */
import { datesOf, families, type Period, samplesOfType } from "../generate/index.ts";
import { offsetAt } from "../generate/local-time.ts";
import type { Wearer } from "../generate/person.ts";
import { daysElements } from "./export-days.ts";
import { documentType } from "./export-dtd.ts";
import { type Exported, recordElement } from "./export-record.ts";
import { spacedAt } from "./times.ts";

/** Yields the text in pieces; the whole is never in memory. */
export function* exportXml(wearer: Wearer, period: Period): Generator<string> {
  const exported = { wearer, period, offset: offsetAt(wearer.zone, period.now) };
  yield `<?xml version="1.0" encoding="UTF-8"?>\n${documentType}<HealthData locale="en_FI">\n`;
  yield ` <ExportDate value="${spacedAt(exported.offset, period.now)}"/>\n${me(wearer)}`;
  yield* inPieces(records(exported));
  yield* inPieces(daysElements(exported, datesOf(wearer, period)));
  yield "</HealthData>\n";
}

const pieceLength = 128 * 1024;

function* inPieces(texts: Iterable<string>): Generator<string> {
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

const me = ({ sex, birthDate }: Wearer): string =>
  ` <Me HKCharacteristicTypeIdentifierDateOfBirth="${birthDate}" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSex${sex === "male" ? "Male" : "Female"}" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>\n`;

function* records(exported: Exported): Generator<string> {
  for (const family of families)
    for (const type of family.types)
      for (const sample of samplesOfType(exported.wearer, exported.period, family, type))
        yield recordElement(exported, sample, 1);
}
