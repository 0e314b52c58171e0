/**
 * URIs of files as the workspace compares them. Clients and Node write the same file differently (`file:///c%3A/a.writ`,
 * `file:///C:/a.writ`), so that files are kept by a decoded key, and shown by the URI that the client used.
 */

/** Equal exactly for URIs of one file. */
export function keyOf(uri: string): string {
  return decoded(uri).replace(/^(file:\/\/\/)([A-Za-z]):/, (_, scheme: string, drive: string) => {
    return `${scheme}${drive.toLowerCase()}:`
  })
}

/** A key as a URI, escaped as VS Code escapes. */
export function uriOfKey(key: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?)(.*)$/is.exec(key) ?? ['', '', key]
  return scheme + rest.split('/').map(escaped).join('/')
}

/** The folder around a key, with its slash at the end. */
export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1)
}

/** A folder's key, with its slash at the end. */
export function folderKey(uri: string): string {
  const key = keyOf(uri)
  return key.endsWith('/') ? key : `${key}/`
}

/** The key of a file named relative to a folder's key, by a path with slashes. */
export function keyUnder(folder: string, path: string): string {
  const segments = folder.slice(0, -1).split('/')
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  return segments.join('/')
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri)
  } catch {
    // A percent sign that escapes nothing: the text is its own key.
    return uri
  }
}

function escaped(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
