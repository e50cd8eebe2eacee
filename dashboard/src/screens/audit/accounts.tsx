/** Accounts of people. */
import { Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import type { paths } from "../../api/schema.gen.ts";
import { useApi, useMayChange, usePlace } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { Confirm } from "../../ui/confirm.tsx";
import { DialogButton, DialogForm } from "../../ui/dialog.tsx";
import { Modal } from "../../ui/modal.tsx";
import { Panel } from "../../ui/page.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { Loaded } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import { type Role, RoleField, roleNames } from "./roles.tsx";

type Account =
  paths["/admin/v1/accounts"]["get"]["responses"][200]["content"]["application/json"]["data"][number];
export function Accounts() {
  const asked = useApi().useQuery("get", "/admin/v1/accounts", {});
  const { account: own } = usePlace();
  const mayChange = useMayChange();
  return (
    <Panel title="Accounts" actions={mayChange && <NewAccount />} flush>
      <Loaded asked={asked}>
        {({ data }) => (
          <table className="data-table" aria-label="Accounts">
            <thead>
              <tr>
                <th scope="col">E-mail</th>
                <th scope="col">Role</th>
                <th scope="col">Made</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((account) => (
                <tr key={account.id}>
                  <td>
                    {account.email}
                    {account.id === own.id && (
                      <Text span size="xs" c="dimmed" ml="xs">
                        you
                      </Text>
                    )}
                  </td>
                  <td>{roleNames[account.role]}</td>
                  <td>
                    <When at={account.created_at} />
                  </td>
                  <td>
                    {mayChange && (
                      <Group gap="xs" justify="flex-end">
                        <SignInLink account={account} />
                        {account.id !== own.id && <DeleteAccount account={account} />}
                      </Group>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

const NewAccount = () => (
  <DialogButton name="New account" title="New account">
    {(close) => <AccountForm onClose={close} />}
  </DialogButton>
);

function AccountForm({ onClose }: { readonly onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const client = useQueryClient();
  const make = useApi().useMutation("post", "/admin/v1/accounts", {
    onSuccess: async () => {
      await client.invalidateQueries();
      onClose();
    },
  });
  const errors = fieldProblems(make.error);
  return (
    <DialogForm
      request={make}
      verb="Make account"
      onSubmit={() => make.mutate({ body: { email, password, role } })}
      onClose={onClose}
    >
      <TextInput
        label="E-mail"
        type="email"
        required
        withAsterisk={false}
        value={email}
        error={errors.email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
      <PasswordInput
        label="First password"
        description="12 characters or more; they can change it"
        minLength={12}
        required
        withAsterisk={false}
        value={password}
        error={errors.password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="new-password"
      />
      <RoleField value={role} onChange={setRole}>
        {role === "admin"
          ? "May change everything."
          : "May look at everything, health data included, and change nothing."}
      </RoleField>
    </DialogForm>
  );
}

function SignInLink({ account: { id, email } }: { readonly account: Account }) {
  const make = useApi().useMutation("post", "/admin/v1/session/links");
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={make.isPending}
        onClick={() => make.mutate({ body: { account_id: id } })}
      >
        Sign-in link
      </Button>
      <Modal
        opened={make.data !== undefined || make.error !== null}
        onClose={() => make.reset()}
        title={`Sign-in link for ${email}`}
        size="lg"
      >
        <Stack>
          <ProblemText error={make.error} />
          {make.data !== undefined && (
            <>
              <ShownOnce value={`${window.location.origin}${make.data.url}`} label="sign-in link" />
              <Text size="sm" c="dimmed">
                It signs in once, within {Math.round(make.data.expires_in / 60)} minutes. Whoever has it is{" "}
                {email}.
              </Text>
            </>
          )}
        </Stack>
      </Modal>
    </>
  );
}

function DeleteAccount({ account: { id, email } }: { readonly account: Account }) {
  const [opened, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const remove = useApi().useMutation("delete", "/admin/v1/accounts/{id}", {
    onSuccess: async () => {
      close();
      await client.invalidateQueries();
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        Delete
      </Button>
      <Confirm
        opened={opened}
        onClose={close}
        title={`Delete the account of ${email}?`}
        consequences={["They are signed out everywhere, at once.", "What they did stays in the audit log."]}
        verb="Delete account"
        error={remove.error}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate({ params: { path: { id } } })}
      />
    </>
  );
}
