/** Makes a person at the sandbox, connects them and syncs their watch: all that a newcomer needs to see data. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem.ts";
import { useApi } from "../../shell/environment.ts";
import { showMessage } from "../../ui/messages.tsx";
import { firstDays, useSync } from "../person/sync-watch.tsx";

const newReference = (): string => `sandbox-${crypto.randomUUID().slice(0, 4)}`;

export function SandboxPerson({ isNext }: { readonly isNext: boolean }) {
  const client = useQueryClient();
  const sync = useSync();
  const connect = useApi().useMutation("post", "/admin/v1/sandbox/people", {
    onSuccess: ({ user_id: id }) => {
      sync.mutate({ params: { path: { id } }, body: { days: firstDays, seed: 1 } });
      return client.invalidateQueries();
    },
    onError: (error) =>
      void showMessage({ color: "red", title: "Nobody was connected", message: asProblem(error).message }),
  });
  return (
    <Button
      size="xs"
      variant={isNext ? "filled" : "default"}
      loading={connect.isPending || sync.isPending}
      onClick={() => connect.mutate({ body: { reference_id: newReference() } })}
    >
      Connect a sandbox person
    </Button>
  );
}
