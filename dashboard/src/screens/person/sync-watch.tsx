/** Syncs the watch of a sandbox's person, as they would by opening the provider's app. */
import { Button, type ButtonProps } from "@mantine/core";
import { IconDeviceWatch } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem.ts";
import { useApi } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { showMessage } from "../../ui/messages.tsx";
import type { PersonAnswer } from "./person-answer.ts";

/** A watch that was never synced has a month of data, any other one what came since yesterday. */
export const firstDays = 28;
const laterDays = 1;

type Wearer = Pick<PersonAnswer, "user_id" | "provider" | "state" | "most_recent_data_at">;

const useSandbox = () => useApi().useQuery("get", "/admin/v1/sandbox", {}, { refetchInterval: 15_000 });

/** Providers that a sandbox plays here; empty until it is known. */
export function useSandboxed() {
  return useSandbox().data?.data ?? [];
}

export const useIsSandboxKnown = (): boolean => !useSandbox().isPending;

export function useSync() {
  const client = useQueryClient();
  return useApi().useMutation("post", "/admin/v1/users/{id}/sync-watch", {
    onSuccess: ({ stored }) => {
      const bodies = Object.values(stored).reduce((sum, one) => sum + one, 0);
      void showMessage({
        title: "The watch has synced",
        message: `${counted(bodies, "measurement is", "measurements are")} at the sandbox. They arrive here within seconds.`,
      });
      return client.invalidateQueries();
    },
    onError: (error) =>
      void showMessage({ color: "red", title: "Not synced", message: asProblem(error).message }),
  });
}

const syncOf = ({ user_id: id, most_recent_data_at: newest }: Wearer) => ({
  params: { path: { id } },
  body: { days: newest === null ? firstDays : laterDays },
});

interface SyncWatchProps extends Pick<ButtonProps, "size" | "variant"> {
  readonly person: Wearer;
}

/** Shows nothing for a person of a real provider. */
export function SyncWatch({ person, ...button }: SyncWatchProps) {
  const sync = useSync();
  const isPlayed = useSandboxed().some(({ provider }) => provider === person.provider);
  if (!isPlayed || person.state !== "active") return null;
  return (
    <Button
      variant="default"
      leftSection={<IconDeviceWatch size={16} aria-hidden />}
      {...button}
      loading={sync.isPending}
      onClick={() => sync.mutate(syncOf(person))}
    >
      Sync the watch
    </Button>
  );
}
