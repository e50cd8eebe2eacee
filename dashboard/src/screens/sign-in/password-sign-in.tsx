import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
import { ProblemText } from "../../ui/problem.tsx";

export const signInWith = (email: string, password: string) =>
  answered(serverCalls.POST("/admin/v1/session", { body: { email, password } }));

export function PasswordSignIn({ onEntered }: { readonly onEntered: () => Promise<void> }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({ mutationFn: () => signInWith(email, password), onSuccess: onEntered });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <ProblemText error={signIn.error} />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          Forgotten? Another admin can make you a sign-in link.
        </Text>
      </Stack>
    </form>
  );
}
