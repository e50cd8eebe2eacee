/** Nobody has an account yet: whoever has the admin token makes the first one. */
import { Button, Code, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
import { fieldProblems } from "../../api/problem.ts";
import { ProblemText } from "../../ui/problem.tsx";
import { signInWith } from "./password-sign-in.tsx";

const blank = { token: "", email: "", password: "" };

async function makeAccount({ token, email, password }: typeof blank): Promise<void> {
  const headers = { authorization: `Bearer ${token.trim()}` };
  await answered(
    serverCalls.POST("/admin/v1/accounts", { body: { email, password, role: "admin" }, headers }),
  );
  await signInWith(email, password);
}

export function FirstAccount({ onEntered }: { readonly onEntered: () => Promise<void> }) {
  const [given, setGiven] = useState(blank);
  const make = useMutation({ mutationFn: () => makeAccount(given), onSuccess: onEntered });
  const wrong = fieldProblems(make.error);
  const field = (name: keyof typeof blank) => ({
    value: given[name],
    error: wrong[name],
    required: true,
    withAsterisk: false,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setGiven((former) => ({ ...former, [name]: value }));
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack>
        <div>
          <Title order={2} size="lg">
            Make the first account
          </Title>
          <Text size="sm" c="dimmed" mt={4}>
            The admin token proves that this server is yours. Its first start printed it.
          </Text>
        </div>
        <PasswordInput label="Admin token" autoComplete="off" {...field("token")} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...field("email")} />
        <PasswordInput
          label="Password"
          description="12 characters or more"
          minLength={12}
          autoComplete="new-password"
          {...field("password")}
        />
        <ProblemText error={make.error} />
        <Button type="submit" loading={make.isPending} fullWidth>
          Make account and sign in
        </Button>
        <Text size="xs" c="dimmed">
          Token lost? Start once with <Code>SYSTOLE_ADMIN_TOKEN</Code> set to a new one.
        </Text>
      </Stack>
    </form>
  );
}
