/** The developer's name, logo and colour on the connect page, with the page beside them. */
import { Button, ColorInput, FileButton, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
import { fieldProblems } from "../../api/problem.ts";
import { Changeable } from "../../forms/changeable.tsx";
import { type Environment, usePlace } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { type BrandDraft, changeOf, draftOf, isColor } from "./brand-draft.ts";
import { BrandPreview } from "./brand-preview.tsx";
import { logoTypes, readLogo } from "./logo-file.ts";

export function ConnectPageBrand() {
  const { environment } = usePlace();
  const [draft, setDraft] = useState(() => draftOf(environment));
  return (
    <Panel title="Connect page" note="what people see when they connect">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <BrandForm environment={environment} draft={draft} onChange={setDraft} />
        <BrandPreview environment={environment} draft={draft} />
      </SimpleGrid>
    </Panel>
  );
}

interface BrandFormProps {
  readonly environment: Environment;
  readonly draft: BrandDraft;
  readonly onChange: (draft: BrandDraft) => void;
}

function BrandForm({ environment, draft, onChange }: BrandFormProps) {
  const router = useRouter();
  const save = useMutation({
    mutationFn: () =>
      answered(
        serverCalls.PATCH("/admin/v1/environments/{dev_id}", {
          params: { path: { dev_id: environment.dev_id } },
          body: { brand: changeOf(draft) },
        }),
      ),
    onSuccess: async () => {
      onChange({ ...draft, logo: "stored" });
      await router.invalidate();
    },
  });
  const errors = fieldProblems(save.error);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(environment));
  const isReady = draft.color === "" || isColor(draft.color);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Changeable>
        <Stack maw={420}>
          <TextInput
            label="Your app’s name"
            description="Without one, the page says “the app you came from”."
            maxLength={60}
            value={draft.name}
            error={errors["brand.name"]}
            onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
          />
          <ColorInput
            label="Colour of buttons and marks"
            description="Made lighter or darker as far as legibility asks for it. Empty: ours."
            placeholder="#1f5fbf"
            format="hex"
            withEyeDropper={false}
            value={draft.color}
            error={isReady ? errors["brand.color"] : "is no colour like #1f5fbf"}
            onChange={(color) => onChange({ ...draft, color })}
          />
          <LogoField environment={environment} draft={draft} onChange={onChange} />
          <ProblemText error={save.error} />
          <Group>
            <Button type="submit" disabled={!isChanged || !isReady} loading={save.isPending}>
              Save the look
            </Button>
            {save.isSuccess && !isChanged && (
              <Text size="sm" c="dimmed" role="status">
                The look is saved.
              </Text>
            )}
          </Group>
        </Stack>
      </Changeable>
    </form>
  );
}

function LogoField({ environment, draft, onChange }: BrandFormProps) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const hasLogo = draft.logo === "stored" ? environment.brand.logo !== null : draft.logo !== "none";
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    try {
      onChange({ ...draft, logo: { new: await readLogo(file) } });
      setRefusal(null);
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div>
      <Text size="sm" fw={500}>
        Logo
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        PNG, JPEG or WebP, up to 24 kB
      </Text>
      <Group gap="xs">
        <FileButton accept={logoTypes} onChange={(file) => void take(file)}>
          {(props) => (
            <Button {...props} variant="default" size="xs">
              {hasLogo ? "Choose another picture" : "Choose a picture"}
            </Button>
          )}
        </FileButton>
        {hasLogo && (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => onChange({ ...draft, logo: environment.brand.logo === null ? "stored" : "none" })}
          >
            Remove
          </Button>
        )}
      </Group>
      {refusal !== null && (
        <Text size="sm" c="var(--mantine-color-error)" mt={6} role="alert">
          {refusal}
        </Text>
      )}
    </div>
  );
}
