/** The actions for one person. */
import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconRefresh, IconSend, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { asProblem } from "../../api/problem.ts";
import { useApi, useMayChange } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { showMessage } from "../../ui/messages.tsx";
import { Erase } from "./erase.tsx";
import type { PersonAnswer } from "./person-answer.ts";
import { RequestData } from "./request-data.tsx";
import { SyncWatch } from "./sync-watch.tsx";

export function PersonActions({ person }: { readonly person: PersonAnswer }) {
  const [requesting, request] = useDisclosure(false);
  const [erasing, erase] = useDisclosure(false);
  const refresh = useRefresh(person.user_id);
  const isActive = person.state === "active";
  if (!useMayChange()) return null;
  return (
    <>
      <SyncWatch person={person} />
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={refresh.isPending}
        disabled={!isActive}
        onClick={() => refresh.mutate({ params: { path: { id: person.user_id } } })}
      >
        Fetch what is new
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconSend size={16} aria-hidden />} onClick={request.open}>
            Send data to destinations …
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={erase.open}
          >
            Disconnect and erase …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RequestData opened={requesting} onClose={request.close} userId={person.user_id} />
      <Erase opened={erasing} onClose={erase.close} person={person} />
    </>
  );
}

function useRefresh(userId: string) {
  const client = useQueryClient();
  return useApi().useMutation("post", "/admin/v1/users/{id}/refresh", {
    onSuccess: ({ resources }) => {
      void showMessage({ message: `Asking the provider for ${counted(resources, "resource")}.` });
      return client.invalidateQueries();
    },
    onError: (error) => void showMessage({ color: "red", title: userId, message: asProblem(error).message }),
  });
}
