/** Changes the environment that is looked at, and reads it again. */
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
import type { paths } from "../../api/schema.gen.ts";
import { usePlace } from "../../shell/environment.ts";

type Change = NonNullable<
  paths["/admin/v1/environments/{dev_id}"]["patch"]["requestBody"]
>["content"]["application/json"];

export function useSaveEnvironment(change: Change) {
  const { dev_id: devId } = usePlace().environment;
  const router = useRouter();
  return useMutation({
    mutationFn: () =>
      answered(
        serverCalls.PATCH("/admin/v1/environments/{dev_id}", {
          params: { path: { dev_id: devId } },
          body: change,
        }),
      ),
    onSuccess: () => router.invalidate(),
  });
}
