/** Signing in: with a password, with a link that signs in once, or by making the first account. */
import { Center, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import icon from "../../icon.svg";
import { sessionQuery } from "../../shell/session.ts";
import { Loaded, Loading } from "../../ui/states.tsx";
import { FirstAccount } from "./first-account.tsx";
import { LinkSignIn } from "./link-sign-in.tsx";
import { PasswordSignIn } from "./password-sign-in.tsx";

const route = getRouteApi("/sign-in");

export function SignIn() {
  const { link, to } = route.useSearch();
  const session = useQuery(sessionQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isEntered, setEntered] = useState(false);
  const enter = useCallback(async () => {
    await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
    setEntered(true);
  }, [client]);
  const isSignedIn = isEntered || (session.data?.account != null && link === undefined);
  useEffect(() => {
    if (isSignedIn) void navigate({ href: ownPath(to), replace: true });
  }, [isSignedIn, navigate, to]);
  useEffect(() => {
    document.title = "Sign in · Systole";
  }, []);
  return (
    <Frame>
      {link === undefined ? (
        <Loaded asked={session} loading={<Loading rows={4} />}>
          {({ setup_required: isFirst }) =>
            isFirst ? <FirstAccount onEntered={enter} /> : <PasswordSignIn onEntered={enter} />
          }
        </Loaded>
      ) : (
        <LinkSignIn link={link} onEntered={enter} />
      )}
    </Frame>
  );
}

/** Returns a path of the dashboard itself: an address in a link must not lead elsewhere. */
const ownPath = (to: string | undefined): string => (to?.startsWith("/e/") ? to : "/");

function Frame({ children }: { readonly children: ReactNode }) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Stack align="center" gap="xs">
          <img src={icon} alt="" width={44} height={44} />
          <Title order={1} size="h2">
            Systole
          </Title>
          <Text c="dimmed" size="sm">
            Wearable data, in your own stack
          </Text>
        </Stack>
        <Paper withBorder radius="lg" p="xl" bg="var(--surface)">
          {children}
        </Paper>
      </Stack>
    </Center>
  );
}
