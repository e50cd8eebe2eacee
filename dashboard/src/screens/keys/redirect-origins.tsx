/** The origins that the connect page may send browsers back to. */
import { Button, Group, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { useState } from "react";
import { useMayChange, usePlace } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { useSaveEnvironment } from "./save-environment.ts";

export function RedirectOrigins() {
  const { environment } = usePlace();
  const { redirect_origins: kept } = environment;
  const [origins, setOrigins] = useState<string[] | null>(kept ?? null);
  const save = useSaveEnvironment({ redirect_origins: origins });
  const isChanged = JSON.stringify(origins) !== JSON.stringify(kept ?? null);
  return (
    <Panel title="Where people are sent back to">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack maw={640}>
          <Switch
            label="Only to origins that are listed here"
            checked={origins !== null}
            onChange={(event) => setOrigins(event.currentTarget.checked ? [] : null)}
            disabled={!useMayChange()}
          />
          {origins !== null && (
            <TagsInput
              label="Origins and app schemes"
              description="For example https://app.example or myapp: – press Enter after each"
              value={origins}
              onChange={setOrigins}
            />
          )}
          {origins?.length === 0 && (
            <Text size="sm" c="dimmed">
              An empty list refuses every redirect.
            </Text>
          )}
          <ProblemText error={save.error} />
          <Group>
            <Button type="submit" disabled={!isChanged} loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
