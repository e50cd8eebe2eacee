/** Credentials of a provider. Secrets are only written: what is stored is never shown again. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { Changeable } from "../../forms/changeable.tsx";
import { type SettingValues, settingsOf } from "../../forms/setting.ts";
import { filledIn, SettingsFields } from "../../forms/settings-form.tsx";
import { useApi } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import type { ProviderState } from "./sources.tsx";

export function Credentials({ provider }: { readonly provider: ProviderState }) {
  const { slug, settings: stored, settings_schema: schema, configured, origin, name } = provider;
  const settings = useMemo(() => settingsOf(schema, false), [schema]);
  const [values, setValues] = useState<SettingValues>((stored ?? {}) as SettingValues);
  const client = useQueryClient();
  const save = useApi().useMutation("put", "/admin/v1/providers/{slug}", {
    onSuccess: (saved) => {
      setValues((saved.settings ?? {}) as SettingValues);
      return client.invalidateQueries();
    },
  });
  const errors = fieldProblems(save.error);
  if (settings.length === 0) {
    return (
      <Panel title="Credentials">
        <Text size="sm">{name} needs no client id and no secret: it is enabled as it is.</Text>
      </Panel>
    );
  }
  return (
    <Panel title="Credentials" note={origin === "process" ? "from environment variables" : undefined}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ params: { path: { slug } }, body: filledIn(values) });
        }}
      >
        <Changeable>
          <Stack>
            <Text size="sm" c="dimmed">
              {configured
                ? "A masked secret stays as it is unless you type a new one."
                : `From your client at ${name}'s developer site. Secrets are sealed when they are stored.`}
            </Text>
            <SettingsFields settings={settings} values={values} errors={errors} onChange={setValues} />
            <ProblemText error={save.error} />
            <Group justify="flex-end">
              {save.isSuccess && (
                <Text size="sm" c="dimmed" role="status">
                  Saved.
                </Text>
              )}
              <Button type="submit" loading={save.isPending}>
                {configured ? "Save" : `Enable ${name}`}
              </Button>
            </Group>
          </Stack>
        </Changeable>
      </form>
    </Panel>
  );
}
