/** The runtime's settings as options of the command line. Made from the one table of settings; adds nothing to it but what `dev` does differently. */
import { Option } from 'commander';
import { SETTINGS, type SettingName } from '../runtime/config/settings.ts';
import { environmentVariable, type Setting } from '../runtime/settings/setting.ts';

/** What `build` writes and `serve` reads unless told otherwise. */
const DEFAULT_BUNDLE = 'dist/bundle.json';

/** Where a runtime keeps its state unless told otherwise. */
export const DEFAULT_STATE = SETTINGS.stateDir.fallback as string;

/** `dev` compiles instead of reading a bundle, in one process, for the person at this machine. */
const NOT_IN_DEV: readonly SettingName[] = [
  'bundle',
  'trustedKeys',
  'workers',
  'database',
  'staleAfter',
  'spool',
];

function options(leftOut: readonly SettingName[], fallbacks: Partial<Record<SettingName, string>>): Option[] {
  return Object.entries<Setting>(SETTINGS)
    .filter(([name, setting]) => !setting.secret && !leftOut.includes(name as SettingName))
    .map(([name, setting]) => {
      const option = optionOf(setting);
      const fallback = fallbacks[name as SettingName] ?? setting.fallback;
      return fallback === undefined ? option : option.default(fallback);
    });
}

function optionOf(setting: Setting): Option {
  return new Option(`--${setting.flag} ${setting.value}`, setting.help).env(environmentVariable(setting));
}

/** For commands besides those that serve. */
export const PUBLIC_URL_OPTION = (): Option => optionOf(SETTINGS.publicUrl as Setting);

export const DATABASE_OPTION = (): Option => optionOf(SETTINGS.database as Setting);

/** Fresh options for each call, as commander writes to them. */
export const RUNTIME_OPTIONS = {
  serve: (): Option[] => options([], { bundle: DEFAULT_BUNDLE }),
  dev: (): Option[] => options(NOT_IN_DEV, { host: '127.0.0.1' }),
};
