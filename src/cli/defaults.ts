/** What options are unless told otherwise, and what they may be. Imports nothing: every command line loads it, `--help` too. */

/** Folder of the connectors. */
export const DEFAULT_FOLDER = 'connectors';

export const REPORT_FORMATS = ['pretty', 'json', 'github', 'sarif'] as const;
export const DIFF_FORMATS = ['pretty', 'markdown', 'json'] as const;
export const TEST_FORMATS = ['pretty', 'json', 'junit'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
export type DiffFormat = (typeof DIFF_FORMATS)[number];
export type TestFormat = (typeof TEST_FORMATS)[number];
