/** The settings of a destination, changed in place. Secrets stay as they are unless a new one is given. */
import { Button, Group, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { Changeable } from "../../forms/changeable.tsx";
import { type EventType, EventTypes } from "../../forms/event-types.tsx";
import { type RecordFormat, RecordFormatChoice } from "../../forms/record-format.tsx";
import { type SettingValues, settingsOf } from "../../forms/setting.ts";
import { SettingsFields } from "../../forms/settings-form.tsx";
import { useApi } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { Loaded } from "../../ui/states.tsx";
import type { Destination } from "./destinations.tsx";

export function DestinationSettings({ destination }: { readonly destination: Destination }) {
  const kinds = useApi().useQuery("get", "/admin/v1/destinations/kinds", {});
  return (
    <Panel title="Settings">
      <Loaded asked={kinds}>
        {({ data }) => {
          const { settings: schema = {}, formats = [] } =
            data.find(({ kind }) => kind === destination.kind) ?? {};
          const editor = { destination, schema, formats };
          return <SettingsEditor key={destination.revision} {...editor} />;
        }}
      </Loaded>
    </Panel>
  );
}

interface EditorProps {
  readonly destination: Destination;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly formats: readonly string[];
}

function SettingsEditor({ destination, schema, formats }: EditorProps) {
  const { id, event_types: kept } = destination;
  const settings = useMemo(() => settingsOf(schema, true), [schema]);
  const stored = destination.settings as SettingValues;
  const [values, setValues] = useState<SettingValues>(stored);
  const [types, setTypes] = useState(kept as EventType[] | null);
  const [format, setFormat] = useState(() => formatOf(destination));
  const client = useQueryClient();
  const save = useApi().useMutation("patch", "/admin/v1/destinations/{id}", {
    onSuccess: () => client.invalidateQueries(),
  });
  const changed = changesOf(stored, values);
  const isChanged =
    Object.keys(changed).length > 0 ||
    JSON.stringify([types, format]) !== JSON.stringify([kept, formatOf(destination)]);
  const errors = fieldProblems(save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const body = { settings: changed, event_types: types, ...format };
        save.mutate({ params: { path: { id } }, body });
      }}
    >
      <Changeable>
        <Stack gap="lg">
          <SettingsFields settings={settings} values={values} errors={errors} onChange={setValues} />
          <EventTypes value={types} onChange={setTypes} />
          <RecordFormatChoice formats={formats} value={format} onChange={setFormat} />
          <ProblemText error={save.error} />
          <Group justify="flex-end" gap="xs">
            <Button
              variant="default"
              disabled={!isChanged}
              onClick={() => {
                setValues(stored);
                setTypes(kept as EventType[] | null);
                setFormat(formatOf(destination));
              }}
            >
              Undo
            </Button>
            <Button type="submit" disabled={!isChanged} loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </Changeable>
    </form>
  );
}

const formatOf = ({ format, when_unsupported }: Destination): RecordFormat => ({ format, when_unsupported });

/** Returns the settings that differ; null takes away one that was emptied. */
function changesOf(stored: SettingValues, values: SettingValues): SettingValues {
  const changed = Object.entries(values).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name]),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, value === "" ? null : value]));
}
