import { TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
import { fieldProblems } from "../../api/problem.ts";
import type { Stage } from "../../shell/environment.ts";
import { DialogButton, DialogForm } from "../../ui/dialog.tsx";
import { StageField } from "./stage-field.tsx";

export const NewEnvironment = () => (
  <DialogButton name="New environment" title="New environment">
    {(close) => <EnvironmentForm onClose={close} />}
  </DialogButton>
);

function EnvironmentForm({ onClose }: { readonly onClose: () => void }) {
  const [devId, setDevId] = useState("");
  const [stage, setStage] = useState<Stage>("testing");
  const router = useRouter();
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: () =>
      answered(serverCalls.POST("/admin/v1/environments", { body: { dev_id: devId, stage } })),
    onSuccess: async (made) => {
      onClose();
      await router.invalidate();
      await navigate({ to: "/e/$env/start", params: { env: made.dev_id } });
    },
  });
  const errors = fieldProblems(make.error);
  return (
    <DialogForm request={make} verb="Make environment" onSubmit={() => make.mutate()} onClose={onClose}>
      <TextInput
        label="dev-id"
        description="The name that your code sends: letters, digits, “.”, “_” and “-”. It stays as it is."
        placeholder="my-app-production"
        value={devId}
        error={errors.dev_id}
        onChange={(event) => setDevId(event.currentTarget.value)}
        pattern="[\w.\-]{1,128}"
        required
        withAsterisk={false}
        data-autofocus
      />
      <StageField value={stage} onChange={setStage} />
    </DialogForm>
  );
}
