/** What the studio works on: a folder of connectors, somebody who compiles it, and the runtime that serves it, if any. */
import type { Compilation } from '../compiler/compile.ts';
import type { Control } from '../runtime/admin/control.ts';
import type { SecretStore } from '../runtime/config/secret-store.ts';
import type { ScriptRunner } from '../stages/script/script-runner.ts';
import type { Folder } from '../workbench/draft/locate.ts';

export interface Workspace extends Folder {
  readonly scripts: ScriptRunner;
  /** What the connectors' secrets are here; never shown. */
  readonly secrets: SecretStore;
  /** The folder as it is on the disk now, or was when a change was last seen. */
  compilation(): Promise<Compilation>;
  /** Of the process: git is started with it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null: files are edited, and nothing is served. */
  readonly control: Control | null;
}
