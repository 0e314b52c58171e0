/** What `writ` tells the shell; docs/language.md and `--help` promise these. */

/** 0 fine; 1 findings: problems, failed tests; 2 used wrongly or input unreadable; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130
