/** A sentence or two that stand out: all is well, or something is not. */
import { Alert, type AlertProps } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

const looks = {
  good: { color: "teal", icon: <IconCircleCheck aria-hidden /> },
  warn: { color: "yellow", icon: <IconAlertTriangle aria-hidden /> },
  bad: { color: "red", icon: <IconAlertTriangle aria-hidden /> },
} as const;

interface NoticeProps extends Pick<AlertProps, "p"> {
  readonly tone: keyof typeof looks;
  readonly children: ReactNode;
}

export const Notice = ({ tone, ...rest }: NoticeProps) => (
  <Alert {...looks[tone]} variant="light" {...rest} />
);
