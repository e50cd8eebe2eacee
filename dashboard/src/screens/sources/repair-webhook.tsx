import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem.ts";
import { useApi, useMayChange } from "../../shell/environment.ts";
import { showMessage } from "../../ui/messages.tsx";

/** Looks at the webhook now, and makes it, moves it or switches it on again where that is needed. */
export function RepairWebhook({ slug }: { readonly slug: string }) {
  const client = useQueryClient();
  const repair = useApi().useMutation("post", "/admin/v1/providers/{slug}/webhook/repair", {
    onSuccess: ({ subscription }) => {
      void showMessage({ message: `The webhook is ${subscription?.state ?? "not needed"}.` });
      return client.invalidateQueries();
    },
    onError: (error) => void showMessage({ color: "red", message: asProblem(error).message }),
  });
  if (!useMayChange()) return null;
  return (
    <Button
      size="xs"
      variant="default"
      loading={repair.isPending}
      onClick={() => repair.mutate({ params: { path: { slug } } })}
    >
      Check and repair
    </Button>
  );
}
