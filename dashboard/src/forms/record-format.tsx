/** The choice of the format in which a destination gets records. Kinds that take only one have no choice. */
import { Checkbox, SegmentedControl, Stack, Text } from "@mantine/core";
import type { components } from "../api/schema.gen.ts";

type Destination = components["schemas"]["Destination"];
export type RecordFormat = Pick<Destination, "format" | "when_unsupported">;

const labels: Readonly<Record<RecordFormat["format"], string>> = {
  terra: "Terra's JSON",
  fhir: "FHIR R4",
  fit: "FIT files",
};

/** A kind that understands one format alone gets it, and no record in another one. */
export function firstFormat(formats: readonly string[]): RecordFormat {
  const [only] = formats.filter(isFormat);
  return formats.includes("terra") || only === undefined
    ? { format: "terra", when_unsupported: "terra" }
    : { format: only, when_unsupported: "leave_out" };
}

const isFormat = (name: string): name is RecordFormat["format"] => Object.hasOwn(labels, name);

interface RecordFormatProps {
  /** Those that the kind takes. */
  readonly formats: readonly string[];
  readonly value: RecordFormat;
  readonly onChange: (value: RecordFormat) => void;
}

export function RecordFormatChoice({ formats, value, onChange }: RecordFormatProps) {
  const offered = formats.filter(isFormat);
  if (offered.length < 2) return null;
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500} id="record-format">
        Records as
      </Text>
      <SegmentedControl
        aria-labelledby="record-format"
        data={offered.map((format) => ({ value: format, label: labels[format] }))}
        value={value.format}
        onChange={(format) => isFormat(format) && onChange({ ...value, format })}
        w="fit-content"
      />
      {value.format === "fit" && (
        <Checkbox
          label="Leave out what FIT has no form for: nutrition, menstruation, athlete"
          description="Otherwise such records are sent as Terra's JSON."
          checked={value.when_unsupported === "leave_out"}
          onChange={({ currentTarget: { checked } }) =>
            onChange({ ...value, when_unsupported: checked ? "leave_out" : "terra" })
          }
        />
      )}
    </Stack>
  );
}
