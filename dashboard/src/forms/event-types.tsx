/** The choice of event types: all of them, or some. */
import { MultiSelect, SegmentedControl, Stack, Text } from "@mantine/core";
import type { paths } from "../api/schema.gen.ts";

type CreateBody = NonNullable<
  paths["/admin/v1/destinations"]["post"]["requestBody"]
>["content"]["application/json"];
export type EventType = NonNullable<CreateBody["event_types"]>[number];

/** The types by how often they are chosen; the compiler sees to it that none is misspelt. */
export const eventTypes: readonly EventType[] = [
  "activity",
  "sleep",
  "daily",
  "body",
  "athlete",
  "nutrition",
  "menstruation",
  "auth",
  "auth_cancelled",
  "deauth",
  "user_reauth",
  "access_revoked",
  "permission_change",
  "connection_error",
  "key_ends_soon",
  "processing",
  "large_request_processing",
  "large_request_sending",
  "s3_payload",
  "healthcheck",
  "google_no_datasource",
  "rate_limit_hit",
];

interface EventTypesProps {
  readonly value: readonly EventType[] | null;
  readonly onChange: (value: EventType[] | null) => void;
}

export function EventTypes({ value, onChange }: EventTypesProps) {
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500} id="event-types">
        Events
      </Text>
      <SegmentedControl
        aria-labelledby="event-types"
        data={[
          { value: "all", label: "Every type" },
          { value: "some", label: "Only some" },
        ]}
        value={value === null ? "all" : "some"}
        onChange={(choice) => onChange(choice === "all" ? null : ["activity", "sleep", "daily"])}
        w="fit-content"
      />
      {value !== null && (
        <MultiSelect
          aria-label="Event types"
          data={[...eventTypes]}
          value={[...value]}
          onChange={(chosen) => onChange(chosen as EventType[])}
          error={value.length === 0 ? "Choose one or more" : undefined}
        />
      )}
    </Stack>
  );
}
