/** The name and the stage of the environment, and whether it wants birth dates in FHIR. */
import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { Changeable } from "../../forms/changeable.tsx";
import { usePlace } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { useSaveEnvironment } from "./save-environment.ts";
import { StageField } from "./stage-field.tsx";

export function ThisEnvironment() {
  const { environment } = usePlace();
  const { dev_id: devId } = environment;
  const [name, setName] = useState(environment.name);
  const [stage, setStage] = useState(environment.stage);
  const [birthDate, setBirthDate] = useState(environment.fhir_birth_date);
  const save = useSaveEnvironment({ name, stage, fhir_birth_date: birthDate });
  const isChanged =
    name !== environment.name || stage !== environment.stage || birthDate !== environment.fhir_birth_date;
  return (
    <Panel title="Name and stage" note={devId}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Changeable>
          <Stack maw={640}>
            <TextInput
              label="Name"
              value={name}
              error={fieldProblems(save.error).name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              withAsterisk={false}
              maxLength={200}
            />
            <StageField value={stage} onChange={setStage} />
            <Checkbox
              label="Birth dates in FHIR"
              description="A FHIR Patient has the birth date that a record gives. Names are never written."
              checked={birthDate}
              onChange={({ currentTarget: { checked } }) => setBirthDate(checked)}
            />
            <ProblemText error={save.error} />
            <Group>
              <Button type="submit" disabled={!isChanged} loading={save.isPending}>
                Save
              </Button>
            </Group>
          </Stack>
        </Changeable>
      </form>
    </Panel>
  );
}
