/** The choice of the data types of a provider that are handled here, and of samples. */
import { Button, Checkbox, Group, Stack, Switch, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Changeable } from "../../forms/changeable.tsx";
import { useApi } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import type { ProviderState } from "./sources.tsx";

type DataType = ProviderState["data_types"][number];

const said: Readonly<Record<DataType, string>> = {
  activity: "Workouts, with heart rate, speed and route",
  daily: "Each day: steps, calories, heart rate",
  sleep: "Nights: stages, heart rate, breathing",
  body: "Weight, temperature, oxygen, ECG",
  nutrition: "Meals and drinks",
  menstruation: "The menstrual cycle",
  athlete: "The profile: name, sex, date of birth",
};

export function DataTypes({ provider }: { readonly provider: ProviderState }) {
  const { name, slug, data_types: offered, chosen } = provider;
  const [types, setTypes] = useState<readonly DataType[]>(chosen.data_types);
  const [samples, setSamples] = useState(chosen.samples);
  const client = useQueryClient();
  const save = useApi().useMutation("put", "/admin/v1/providers/{slug}/data", {
    onSuccess: () => client.invalidateQueries(),
  });
  const isChanged = samples !== chosen.samples || !isSame(types, chosen.data_types);
  return (
    <Panel title="Data" note={provider.configured ? undefined : `can be chosen once ${name} is enabled`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ params: { path: { slug } }, body: { data_types: [...types], samples } });
        }}
      >
        <Changeable also={provider.configured}>
          <Stack>
            <Checkbox.Group
              label="Data types that are handled"
              value={[...types]}
              onChange={(ticked) => setTypes(offered.filter((type) => ticked.includes(type)))}
              error={types.length === 0 ? "Choose one or more" : undefined}
            >
              <Stack gap="xs" mt="xs">
                {offered.map((type) => (
                  <Checkbox key={type} value={type} label={type} description={said[type]} />
                ))}
              </Stack>
            </Checkbox.Group>
            <Text size="sm" c="dimmed">
              A type that is not chosen makes no records and no events, and is not fetched unless another
              chosen type needs it. Records that are there stay and can be read. Choose it again, and what was
              missed is fetched, as far back as {name} has it.
            </Text>
            <Switch
              label="Send samples"
              description="Off: events have sums and averages only, as reads without with_samples=true."
              checked={samples}
              onChange={(event) => setSamples(event.currentTarget.checked)}
            />
            <ProblemText error={save.error} />
            <Group justify="flex-end">
              {save.isSuccess && !isChanged && (
                <Text size="sm" c="dimmed" role="status">
                  Data types saved.
                </Text>
              )}
              <Button type="submit" disabled={!isChanged || types.length === 0} loading={save.isPending}>
                Save data types
              </Button>
            </Group>
          </Stack>
        </Changeable>
      </form>
    </Panel>
  );
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((type) => other.includes(type));
