/** The form of a new destination, and what is shown once it is made. */
import { Button, Group, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { type EventType, EventTypes } from "../../forms/event-types.tsx";
import { firstFormat, RecordFormatChoice } from "../../forms/record-format.tsx";
import { type SettingValues, settingsOf } from "../../forms/setting.ts";
import { filledIn, SettingsFields } from "../../forms/settings-form.tsx";
import { useApi, usePlace } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { ConnectionTest } from "./connection-test.tsx";
import { Fill } from "./fill.tsx";

interface Kind {
  readonly kind: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly formats: readonly string[];
  readonly issues_secret: boolean;
}

export function DestinationForm({ kind }: { readonly kind: Kind }) {
  const settings = useMemo(() => settingsOf(kind.settings, kind.issues_secret), [kind]);
  const [values, setValues] = useState<SettingValues>({});
  const [types, setTypes] = useState<EventType[] | null>(null);
  const [format, setFormat] = useState(() => firstFormat(kind.formats));
  const make = useApi().useMutation("post", "/admin/v1/destinations");
  if (make.data !== undefined) return <Made id={make.data.id} secret={make.data.secret} />;
  const errors = fieldProblems(make.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const body = { kind: kind.kind, settings: filledIn(values), event_types: types, active: true };
        make.mutate({ body: { ...body, ...format } });
      }}
    >
      <Stack gap="lg">
        <SettingsFields settings={settings} values={values} errors={errors} onChange={setValues} />
        <EventTypes value={types} onChange={setTypes} />
        <RecordFormatChoice formats={kind.formats} value={format} onChange={setFormat} />
        <ProblemText error={make.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending}>
            Add destination
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ id, secret }: { readonly id: string; readonly secret: string | undefined }) {
  const { environment } = usePlace();
  return (
    <Stack gap="lg" role="status">
      {secret !== undefined && <ShownOnce value={secret} label="Signing secret" />}
      <ConnectionTest id={id} isImmediate />
      <Panel title="Fill with what is there">
        <Fill id={id} isImmediate />
      </Panel>
      <Group justify="flex-end">
        <Button component={Link} to={`/e/${environment.dev_id}/destinations/${id}`}>
          Go to the destination
        </Button>
      </Group>
    </Stack>
  );
}
