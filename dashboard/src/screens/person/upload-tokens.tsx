/** The tokens with which a person's own clients upload: rotated with an overlap, or revoked. */
import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { paths } from "../../api/schema.gen.ts";
import { useApi, useMayChange } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { DialogButton, DialogEnd } from "../../ui/dialog.tsx";
import { hasEnded, InUse } from "../../ui/in-use.tsx";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { inUtc, When } from "../../ui/time.tsx";

type Tokens =
  paths["/admin/v1/users/{id}/upload-tokens"]["get"]["responses"][200]["content"]["application/json"];
type Token = Tokens["data"][number];

export function UploadTokens({ userId }: { readonly userId: string }) {
  const path = { params: { path: { id: userId } } };
  const asked = useApi().useQuery("get", "/admin/v1/users/{id}/upload-tokens", path, {
    refetchInterval: 10_000,
  });
  return (
    <Panel title="Upload tokens" flush>
      <Loaded asked={asked}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No token">The person connects again to get one.</Empty>
          ) : (
            <table className="data-table" aria-label="Upload tokens">
              <thead>
                <tr>
                  <th scope="col">For</th>
                  <th scope="col">Made</th>
                  <th scope="col">Last used</th>
                  <th scope="col">State</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((token) => (
                  <Row key={token.id} userId={userId} token={token} />
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Panel>
  );
}

interface OneToken {
  readonly userId: string;
  readonly token: Token;
}

function Row({ userId, token }: OneToken) {
  const mayChange = useMayChange();
  const isValid = token.revoked_at === null && !hasEnded(token.expires_at);
  return (
    <tr>
      <td>{token.kind === "refresh" ? "an app’s SDK" : "uploads"}</td>
      <td>
        <When at={token.created_at} />
      </td>
      <td>
        <When at={token.last_used_at} none="never" />
      </td>
      <td>
        <InUse revokedAt={token.revoked_at} endsAt={token.expires_at} />
      </td>
      <td style={{ textAlign: "right" }}>
        {mayChange && isValid && (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            {token.kind === "upload" && (
              <DialogButton name="Rotate" title="Rotate the upload token" size="compact-sm">
                {(close) => <Rotation userId={userId} token={token} onDone={close} />}
              </DialogButton>
            )}
            <Revoke userId={userId} token={token} />
          </Group>
        )}
      </td>
    </tr>
  );
}

const whiles = [
  { value: "0", label: "no longer" },
  { value: String(86_400), label: "for another day" },
  { value: String(7 * 86_400), label: "for another week" },
  { value: String(30 * 86_400), label: "for another 30 days" },
];

function Rotation({ userId, token, onDone }: OneToken & { readonly onDone: () => void }) {
  const client = useQueryClient();
  const [seconds, setSeconds] = useState(String(7 * 86_400));
  const rotate = useApi().useMutation("post", "/admin/v1/users/{id}/upload-tokens/{token_id}/rotate", {
    onSuccess: () => client.invalidateQueries(),
  });
  if (rotate.data !== undefined) {
    const { token: made, former } = rotate.data;
    return (
      <DialogEnd onClose={onDone}>
        <ShownOnce value={made} label="New upload token" />
        <Text size="sm">
          The former token works until <strong>{inUtc(former.expires_at ?? "")}</strong>.
        </Text>
      </DialogEnd>
    );
  }
  const params = { path: { id: userId, token_id: token.id } };
  const change = () => rotate.mutate({ params, body: { valid_for_seconds: Number(seconds) } });
  return (
    <Stack>
      <Text size="sm">A new token is made now, to be entered in the person’s app.</Text>
      <NativeSelect
        label="The former token works"
        data={whiles}
        value={seconds}
        onChange={(event) => setSeconds(event.currentTarget.value)}
      />
      <ProblemText error={rotate.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button loading={rotate.isPending} onClick={change}>
          Make the new token
        </Button>
      </Group>
    </Stack>
  );
}

function Revoke({ userId, token }: OneToken) {
  const [opened, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const revoke = useApi().useMutation("delete", "/admin/v1/users/{id}/upload-tokens/{token_id}", {
    onSuccess: () => {
      close();
      return client.invalidateQueries();
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        Revoke
      </Button>
      <Confirm
        opened={opened}
        onClose={close}
        title="Revoke this upload token?"
        consequences={[
          "Uploads with this token are refused from now on, and what the app sends meanwhile may be lost.",
          "It cannot be brought back: the person’s app needs another token.",
        ]}
        verb="Revoke token"
        error={revoke.error}
        isPending={revoke.isPending}
        onConfirm={() => revoke.mutate({ params: { path: { id: userId, token_id: token.id } } })}
      />
    </>
  );
}
