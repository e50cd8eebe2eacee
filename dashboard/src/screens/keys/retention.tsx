/** How long the environment keeps raw bodies, events and notifications. */
import { Button, Group, NumberInput, Stack } from "@mantine/core";
import { useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { Changeable } from "../../forms/changeable.tsx";
import { usePlace } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { useSaveEnvironment } from "./save-environment.ts";

const fields = [
  {
    name: "keep_raw_days",
    label: "Days that raw bodies are kept",
    description: "90 or more; empty: for ever. Records can be made anew of bodies that are kept.",
  },
  {
    name: "keep_event_days",
    label: "Days that events are kept",
    description: "7 to 42; empty: 42. Events can be sent again as long as they are kept.",
  },
  {
    name: "keep_notification_days",
    label: "Days that notifications are kept",
    description: "1 to 90; empty: 90.",
  },
] as const;

type Days = Record<(typeof fields)[number]["name"], number | null>;

export function Retention() {
  const { environment } = usePlace();
  const { dev_id: devId } = environment;
  const stored: Days = {
    keep_raw_days: environment.keep_raw_days,
    keep_event_days: environment.keep_event_days,
    keep_notification_days: environment.keep_notification_days,
  };
  const [days, setDays] = useState(stored);
  const save = useSaveEnvironment(days);
  const isChanged = fields.some(({ name }) => days[name] !== stored[name]);
  return (
    <Panel title="How long things are kept" note={devId}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Changeable>
          <Stack maw={640}>
            {fields.map(({ name, label, description }) => (
              <NumberInput
                key={name}
                label={label}
                description={description}
                value={days[name] ?? ""}
                error={fieldProblems(save.error)[name]}
                onChange={(value) => setDays({ ...days, [name]: value === "" ? null : Number(value) })}
                allowDecimal={false}
                allowNegative={false}
              />
            ))}
            <ProblemText error={save.error} />
            <Group>
              <Button type="submit" disabled={!isChanged} loading={save.isPending}>
                Save the days
              </Button>
            </Group>
          </Stack>
        </Changeable>
      </form>
    </Panel>
  );
}
