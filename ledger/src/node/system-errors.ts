/** Errors of the operating system, told from mistakes of the program, and said in words. */

/** The code (`ENOENT`); null for any other error. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null
  return String(error.code)
}

export function reasonOf(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'you are not allowed to read it'
  return code === 'ENOENT' ? 'it is no longer there' : `the system says ${code}`
}
