/**
 * In the log of a CI job a line can be a command to the runner, which anybody could write into a connector's files. In:
 * text for people. Out: the same, without what a runner would obey.
 */

/** `::name::` at the start of a line, indented or not (GitHub Actions). */
const COMMAND = /^([^\S\r\n]*):(?=:)/gm;
/** `##[name]` and `##vso[name]` anywhere (GitHub Actions and Azure Pipelines). */
const OLD_COMMAND = /##(?=\w*\[)/g;

/** Breaks commands up with the escapes that controls have. */
export function withoutRunnerCommands(text: string): string {
  return text.replace(COMMAND, '$1\\u{3a}').replace(OLD_COMMAND, '#\\u{23}');
}
