/** One request as the built-in receiver got it: its body and its headers. */
import { Code, Drawer, Stack, Tabs } from "@mantine/core";
import type { paths } from "../../api/schema.gen.ts";
import { useApi } from "../../shell/environment.ts";
import { bytes } from "../../ui/amounts.ts";
import { Facts } from "../../ui/facts.tsx";
import { HeaderList } from "../../ui/header-list.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { inUtc } from "../../ui/time.tsx";
import { Signature } from "./signature.tsx";

type Whole =
  paths["/admin/v1/receivers/{id}/requests/{request}"]["get"]["responses"][200]["content"]["application/json"];

interface DrawerProps {
  readonly receiver: string;
  readonly request: string | null;
  readonly onClose: () => void;
}

export function RequestDrawer({ receiver, request, onClose }: DrawerProps) {
  return (
    <Drawer
      opened={request !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title="Received request"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {request !== null && <Asked receiver={receiver} request={request} />}
    </Drawer>
  );
}

function Asked({ receiver, request }: { readonly receiver: string; readonly request: string }) {
  const path = { params: { path: { id: receiver, request } } };
  const asked = useApi().useQuery("get", "/admin/v1/receivers/{id}/requests/{request}", path, {
    // A request does not change.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <Loaded asked={asked}>{(whole) => <Shown whole={whole} />}</Loaded>;
}

function Shown({ whole }: { readonly whole: Whole }) {
  const { signature, type, reference_id: reference, user_id: user, received_at: at, bytes: size } = whole;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          ["Signature", <Signature key="signature" of={signature} />],
          ["Type", type ?? "–"],
          ["Person", reference ?? user ?? "–"],
          ["Arrived", inUtc(at)],
          ["Size", bytes(size)],
        ]}
      />
      <Tabs defaultValue="body" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="body">Body</Tabs.Tab>
          <Tabs.Tab value="headers">Headers</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="body" pt="md">
          <Body whole={whole} />
        </Tabs.Panel>
        <Tabs.Panel value="headers" pt="md">
          <HeaderList headers={whole.headers} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Body({ whole: { body, encoding } }: { readonly whole: Whole }) {
  if (body === "") return <Empty title="No body" />;
  const value = encoding === "utf8" ? parsed(body) : undefined;
  return value === undefined ? (
    <Code block mah="34rem" style={{ overflow: "auto" }}>
      {body}
    </Code>
  ) : (
    <JsonView value={value} label="Body" maxHeight="calc(100vh - 24rem)" />
  );
}

/** Undefined for what is not JSON: anybody may post anything. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
