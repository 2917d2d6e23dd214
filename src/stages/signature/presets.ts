/** The presets: every provider whose scheme is known, by the name that a connector file writes. */
import type { SignaturePreset } from './preset.ts';
import { ALL_PRESETS } from './preset-list.ts';

/** Hosts that the keys of senders are fetched from without being asked for; `*` stands for one part of a name. */
export const PRESET_KEY_HOSTS: readonly string[] = ALL_PRESETS.flatMap(({ keyHosts = [], signature }) => [
  ...keyHosts,
  ...(signature.jwt?.keys === undefined ? [] : [new URL(signature.jwt.keys).hostname]),
]);

/** In the order of their names. */
export const PRESETS: ReadonlyMap<string, SignaturePreset> = new Map(
  ALL_PRESETS.map((preset) => [preset.name, preset]),
);
