/** A link that signs in once. */
import { Button, Center, Loader, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { answered } from "../../api/answered.ts";
import { serverCalls } from "../../api/client.ts";
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
  const isBegun = useRef(false);
  useEffect(() => {
    // The link is spent with its first use, and effects may run twice.
    if (isBegun.current) return;
    isBegun.current = true;
    mutate();
  }, [mutate]);
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
