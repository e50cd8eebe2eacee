import { Radio, Stack } from "@mantine/core";
import { type Stage, stageNames } from "../../shell/environment.ts";
import { StageWord } from "../../shell/stage-mark.tsx";

interface StageFieldProps {
  readonly value: Stage;
  readonly onChange: (stage: Stage) => void;
}

const stages: readonly Stage[] = ["testing", "staging", "production"];
const said: Readonly<Record<Stage, string>> = {
  testing: "Nothing in it matters to anybody",
  staging: "A rehearsal of the real thing",
  production: "Real people and their data",
};

export const StageField = ({ value, onChange }: StageFieldProps) => (
  <Radio.Group
    label="Stage"
    description="Shown on every screen by a colour and a word. It changes nothing else."
    value={value}
    onChange={(chosen) => onChange(stages.find((one) => one === chosen) ?? value)}
  >
    <Stack gap="xs" mt="xs">
      {stages.map((stage) => (
        <Radio
          key={stage}
          value={stage}
          label={<StageWord stage={stage} />}
          aria-label={stageNames[stage]}
          description={said[stage]}
        />
      ))}
    </Stack>
  </Radio.Group>
);
