/** A link that signs in once. */
import { Button, Center, Loader, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
import { useOnce } from "../../ui/once.ts";
import { ProblemText } from "../../ui/problem.tsx";

interface LinkSignInProps {
  readonly link: string;
  readonly onEntered: () => Promise<void>;
}

export function LinkSignIn({ link, onEntered }: LinkSignInProps) {
  const { mutate, error } = useMutation({
    mutationFn: () => answered(serverCalls.POST("/admin/v1/session", { body: { link_token: link } })),
    onSuccess: onEntered,
  });
  // The link is spent with its first use.
  useOnce(mutate);
  if (error === null) {
    return (
      <Center mih={120}>
        <Stack align="center" role="status">
          <Loader size="sm" />
          <Text size="sm">Signing in …</Text>
        </Stack>
      </Center>
    );
  }
  return (
    <Stack>
      <ProblemText error={error} />
      <Button component={Link} to="/sign-in" fullWidth>
        Sign in with e-mail and password
      </Button>
    </Stack>
  );
}
