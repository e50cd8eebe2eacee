/** Makes an API key and shows it this once. */
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, usePlace } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { DialogButton, DialogEnd, DialogForm } from "../../ui/dialog.tsx";
import { rememberKey } from "./made-key.ts";

export const MakeKey = ({ isFirst }: { readonly isFirst: boolean }) => (
  <DialogButton name="Make a key" title="New API key" variant={isFirst ? "filled" : "default"}>
    {(close) => <KeyForm onDone={close} />}
  </DialogButton>
);

function KeyForm({ onDone }: { readonly onDone: () => void }) {
  const [label, setLabel] = useState("backend");
  const { environment } = usePlace();
  const client = useQueryClient();
  const make = useApi().useMutation("post", "/admin/v1/keys", {
    onSuccess: ({ key }) => {
      rememberKey(environment.dev_id, key);
      return client.invalidateQueries();
    },
  });
  if (make.data !== undefined) {
    return (
      <DialogEnd onClose={onDone}>
        <ShownOnce value={make.data.key} label="API key" />
      </DialogEnd>
    );
  }
  return (
    <DialogForm
      request={make}
      verb="Make key"
      onSubmit={() => make.mutate({ body: { label } })}
      onClose={onDone}
    >
      <TextInput
        label="What it is for"
        description="Only you see this. It helps to tell keys apart when one is revoked."
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        data-autofocus
      />
    </DialogForm>
  );
}
