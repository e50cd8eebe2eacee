/** Makes a link on which a person connects their wearable, and shows it to be sent or opened. */
import { Button, Group, Select, Text, TextInput } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useState } from "react";
import { useApi } from "../../shell/environment.ts";
import { Snippet } from "../../ui/code.tsx";
import { DialogEnd, DialogForm } from "../../ui/dialog.tsx";
import { type PageLanguage, pageLanguages } from "../../ui/page-languages.ts";

export function LinkForm({ onDone }: { readonly onDone: () => void }) {
  const api = useApi();
  const [reference, setReference] = useState("");
  const [provider, setProvider] = useState<string | null>(null);
  const [language, setLanguage] = useState<PageLanguage | null>(null);
  const providers = api.useQuery("get", "/admin/v1/providers", {}).data?.data ?? [];
  const make = api.useMutation("post", "/admin/v1/connect-sessions");
  if (make.data !== undefined) return <Made url={make.data.url} onDone={onDone} />;
  const body = {
    reference_id: reference.trim() === "" ? null : reference.trim(),
    providers: provider === null ? null : [provider],
    language,
  };
  return (
    <DialogForm request={make} verb="Make link" onSubmit={() => make.mutate({ body })} onClose={onDone}>
      <TextInput
        label="Your own id of the person"
        description="The reference_id of everything that arrives about them. May be left out."
        placeholder="person-1"
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
        data-autofocus
      />
      <Select
        label="Provider"
        placeholder="They choose among all that are enabled"
        data={providers
          .filter((one) => one.configured)
          .map(({ slug, name }) => ({ value: slug, label: name }))}
        value={provider}
        onChange={setProvider}
        clearable
      />
      <Select
        label="Language of the page"
        placeholder="Their browser’s"
        data={pageLanguages}
        value={language}
        onChange={setLanguage}
        clearable
      />
    </DialogForm>
  );
}

function Made({ url, onDone }: { readonly url: string; readonly onDone: () => void }) {
  return (
    <DialogEnd verb="Close" onClose={onDone}>
      <Text size="sm">
        Send this link to the person, or open it and connect yourself. It is good for one connection within a
        day, and it is shown this once.
      </Text>
      <Snippet code={url} label="Connect link" />
      <Group>
        <Button
          component="a"
          href={url}
          target="_blank"
          rel="noopener"
          variant="light"
          size="xs"
          leftSection={<IconExternalLink size={15} aria-hidden />}
        >
          Open the link
        </Button>
      </Group>
    </DialogEnd>
  );
}
