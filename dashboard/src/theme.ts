/** Colours and defaults of every component. Contrast is at least 4.5:1 for text, in light and in dark. */
import {
  type AnchorProps,
  type ButtonProps,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MenuProps,
  type ModalProps,
  type TooltipProps,
} from "@mantine/core";

const crimson: MantineColorsTuple = [
  "#fdf0f4",
  "#f9dbe4",
  "#f3b0c4",
  "#ee86a4",
  "#e96389",
  "#dd3a69",
  "#c81e50",
  "#b3123f",
  "#970c34",
  "#7b0629",
];

/** Names the props by their type alone: the component itself would be loaded with the first screen. */
const preset = <Props>(defaultProps: Partial<Props>) => ({ defaultProps });

export const theme = createTheme({
  colors: { crimson },
  primaryColor: "crimson",
  primaryShade: { light: 7, dark: 6 },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.375rem" }, h2: { fontSize: "1rem" } } },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Anchor: preset<AnchorProps>({ underline: "hover" }),
    Button: preset<ButtonProps>({ size: "sm" }),
    // The first item gets the focus, and no empty element before it.
    Menu: preset<MenuProps>({ withInitialFocusPlaceholder: false }),
    Modal: preset<ModalProps>({
      centered: true,
      radius: "lg",
      closeButtonProps: { "aria-label": "Close" },
    }),
    Tooltip: preset<TooltipProps>({ withArrow: true, openDelay: 250 }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#5a6270",
    "--mantine-color-placeholder": "#697180",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-anchor": "#a30f39",
    "--surface": "#ffffff",
    "--canvas": "#f7f8fa",
    "--line": "#e3e6eb",
    "--line-strong": "#c9ced6",
  },
  dark: {
    "--mantine-color-dimmed": "#aeb5c1",
    "--mantine-color-placeholder": "#8d95a3",
    "--mantine-color-error": "#ff8a80",
    "--mantine-color-anchor": "#f58eab",
    "--mantine-color-body": "#16181d",
    "--surface": "#1c1f25",
    "--canvas": "#131519",
    "--line": "#2c3038",
    "--line-strong": "#434955",
  },
});
