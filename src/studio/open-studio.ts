/**
 * A studio for one run of `dev` or `studio`: its token, its address, and what it is told. In: the folder and who compiles
 * it. Out: a listener for whoever has a port, and the address to open.
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Compilation } from '../compiler/compile.ts';
import type { Control } from '../runtime/admin/control.ts';
import type { SecretStore } from '../runtime/config/secret-store.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import type { Folder } from '../workbench/draft/locate.ts';
import { createStudio } from './handler.ts';
import type { Hub } from './hub.ts';
import type { Workspace } from './workspace.ts';

export interface StudioParts extends Folder {
  readonly scripts: ScriptRunner;
  readonly secrets: SecretStore;
  readonly env: Workspace['env'];
  readonly hub: Hub;
  /** The folder as it was when a change was last seen. */
  readonly compilation: () => Compilation | Promise<Compilation>;
  /** Hears of bugs. */
  readonly onError: (error: unknown) => void;
}

export interface OpenStudio {
  /** The address with its token: whoever has it may edit. `origin` such as http://127.0.0.1:8081. */
  url(origin: string): string;
  /** Answers below /studio. `control` null: nothing is served here. */
  listener(control: Control | null): RequestListener;
}

export function openStudio(parts: StudioParts): OpenStudio {
  const token = randomBytes(24).toString('base64url');
  const { onError, compilation, hub, ...rest } = parts;
  return {
    url: (origin) => `${origin}/studio#${token}`,
    listener: (control) =>
      createStudio({
        token,
        onError,
        hub,
        workspace: { ...rest, control, compilation: async () => compilation() },
      }),
  };
}
