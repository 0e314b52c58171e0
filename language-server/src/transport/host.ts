/** What the server needs of the place where it runs: files that no client has opened, and turns of the event loop. */

export interface Host {
  /** URIs of the `.writ` and `writ.json` files under a folder, but for hidden folders, `node_modules` and `dist`. */
  findFiles(folder: string): Promise<readonly string[]>
  /** Null where there is no such file, or it cannot be read. */
  readFile(uri: string): Promise<string | null>
  /** Lets messages that have arrived be read, such as cancellations. */
  turn(): Promise<void>
}
