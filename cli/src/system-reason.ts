/** Words for what the operating system refuses, so that messages need no error codes. */

/** Words for an error of the file system: `permission denied`. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EISDIR':
      return 'it is a folder'
    case 'ENOTDIR':
      return 'a part of the path is a file, not a folder'
    case 'ENOSPC':
      return 'the disk is full'
    case 'EROFS':
      return 'the file system is read-only'
    case 'EEXIST':
      return 'it is already there'
    case 'ELOOP':
      return 'its links go in a circle'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
