/** Makes a built-in receiver, for a developer who has no webhook yet. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem.ts";
import { useApi } from "../../shell/environment.ts";
import { showMessage } from "../../ui/messages.tsx";

export function UseReceiver({ isNext }: { readonly isNext: boolean }) {
  const client = useQueryClient();
  const make = useApi().useMutation("post", "/admin/v1/receivers", {
    onSuccess: () => client.invalidateQueries(),
    onError: (error) =>
      void showMessage({ color: "red", title: "No receiver was made", message: asProblem(error).message }),
  });
  return (
    <Button
      size="xs"
      variant={isNext ? "filled" : "default"}
      loading={make.isPending}
      onClick={() => make.mutate({})}
    >
      Use the built-in receiver
    </Button>
  );
}
