/** Changes one's own password. Every other browser of the account is signed out. */
import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
import { fieldProblems } from "../../api/problem.ts";
import { usePlace } from "../../shell/environment.ts";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";

const empty = { present: "", next: "", again: "" };

export function ChangePassword() {
  const { account } = usePlace();
  const [typed, setTyped] = useState(empty);
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      answered(
        serverCalls.PUT("/admin/v1/accounts/{id}/password", {
          params: { path: { id: account.id } },
          body: {
            password: typed.next,
            ...(!account.may_set_password && { current_password: typed.present }),
          },
        }),
      ),
    onSuccess: () => {
      setTyped(empty);
      return client.invalidateQueries();
    },
  });
  const errors = fieldProblems(change.error);
  const isDifferent = typed.again !== "" && typed.again !== typed.next;
  const type = (field: keyof typeof empty) => (event: { currentTarget: { value: string } }) =>
    setTyped({ ...typed, [field]: event.currentTarget.value });
  return (
    <Panel title="Password">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isDifferent) change.mutate();
        }}
      >
        <Stack maw={420}>
          {account.may_set_password ? (
            <Text size="sm">You signed in with a link, so the present password is not needed.</Text>
          ) : (
            <PasswordInput
              label="Present password"
              value={typed.present}
              error={errors.current_password}
              onChange={type("present")}
              autoComplete="current-password"
              required
              withAsterisk={false}
            />
          )}
          <PasswordInput
            label="New password"
            description="12 characters or more"
            value={typed.next}
            error={errors.password}
            onChange={type("next")}
            autoComplete="new-password"
            minLength={12}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label="New password once more"
            value={typed.again}
            error={isDifferent ? "is not the same" : undefined}
            onChange={type("again")}
            autoComplete="new-password"
            required
            withAsterisk={false}
          />
          <ProblemText error={change.error} />
          <Group>
            <Button type="submit" loading={change.isPending} disabled={isDifferent}>
              Change password
            </Button>
            {change.isSuccess && (
              <Text size="sm" c="dimmed" role="status">
                Changed. Other browsers are signed out.
              </Text>
            )}
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
