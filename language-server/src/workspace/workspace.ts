/**
 * The files of the workspace and what became of them: texts follow the client's edits, each folder is a program whose snapshot is
 * made from the one before when somebody asks for it. Where texts come from (disk, client) is the business of ../transport.
 *
 * INVARIANT: a snapshot depends on the texts alone, whatever edits led to them.
 */
import { type Baseline, type Baselines, type Checked, check } from '@writ/engine'
import { lineIndex, parse, type SourceFile } from '@writ/grammar'
import { readBaseline } from '@writ/ledger/baselines'
import type { Range } from 'vscode-languageserver-types'
import { defaultSettings, readSettings, type Settings } from './settings.ts'
import { type JudgedHistory, largestFile, type Snapshot } from './snapshot.ts'
import { folderKey, folderOf, keyOf, keyUnder, uriOfKey } from './uri.ts'

const settingsName = 'writ.json'

interface Text {
  uri: string
  text: string
  /** Null: not open in the client. */
  version: number | null
}

/** A change of one stretch of an open file, or of all of it. */
export interface Change {
  readonly text: string
  readonly range?: Range
}

interface Folder {
  /** Keys of its files by path. */
  readonly members: Map<string, string>
  snapshot: Snapshot | null
  previous: Checked | undefined
  parsed: ReadonlyMap<string, SourceFile>
  settings: Settings
  /** What `settings` names, read; null where some of it cannot be, and undefined where nobody has looked. */
  baselines: Baselines | null | undefined
}

export class Workspace {
  readonly #texts = new Map<string, Text>()
  readonly #settings = new Map<string, string>()
  readonly #programs = new Map<string, Folder>()
  readonly #histories = new Map<string, JudgedHistory>()
  /** Files of baselines by key; null where there is none. */
  readonly #named = new Map<string, string | null>()
  #folders: readonly string[] = []

  /** The folders that the client opened; programs are made anew where they move. */
  setFolders(uris: readonly string[]): void {
    this.#folders = uris.map(folderKey).sort((a, b) => b.length - a.length)
    this.#regroup()
  }
  get folders(): readonly string[] {
    return this.#folders
  }

  open(uri: string, version: number, text: string): void {
    this.#set(uri, text, version)
  }

  /** Applies the changes one after the other, as the protocol asks. */
  change(uri: string, version: number, changes: readonly Change[]): void {
    const known = this.#texts.get(keyOf(uri))
    if (!known) return
    let { text } = known
    for (const change of changes) text = changed(text, change)
    this.#set(uri, text, version)
  }

  /** The text on disk counts again; `null` where there is none. */
  close(uri: string, onDisk: string | null): void {
    const known = this.#texts.get(keyOf(uri))
    if (known) known.version = null
    this.setFile(uri, onDisk)
  }

  /** What is on disk; open files keep the client's text. `null` takes the file away. */
  setFile(uri: string, text: string | null): void {
    const key = keyOf(uri)
    if (key.endsWith(`/${settingsName}`)) {
      this.#setSettings(key, text)
      return
    }
    if (this.isNamed(uri)) {
      this.#setNamed(key, text)
      return
    }
    if (this.isOpen(uri)) return
    if (text === null) this.#remove(key)
    else this.#set(uri, text, null)
  }

  /** Whether it is a file of a baseline that some `writ.json` names. */
  isNamed(uri: string): boolean {
    return this.#namedKeys().includes(keyOf(uri))
  }
  /** Files of baselines that nobody has read yet: to be given to `setFile`. */
  unread(): readonly string[] {
    return this.#namedKeys().flatMap(key => (this.#named.has(key) ? [] : [uriOfKey(key)]))
  }

  isOpen(uri: string): boolean {
    return typeof this.#texts.get(keyOf(uri))?.version === 'number'
  }
  versionOf(uri: string): number | null {
    return this.#texts.get(keyOf(uri))?.version ?? null
  }
  textOf(uri: string): string | null {
    return this.#texts.get(keyOf(uri))?.text ?? null
  }

  /** The program that a file belongs to, and its path there; null for a file that is not known. */
  find(uri: string): { readonly snapshot: Snapshot; readonly path: string; readonly file: SourceFile } | null {
    const key = keyOf(uri)
    if (!this.#texts.has(key)) return null
    const root = this.#rootOf(key)
    const program = this.#programs.get(root)
    if (!program) return null
    const snapshot = this.#snapshotOf(root, program)
    const path = key.slice(root.length)
    const file = snapshot.files.get(path)
    return file ? { snapshot, path, file } : null
  }

  /** Every program, in the order of their folders. */
  snapshots(): readonly Snapshot[] {
    return [...this.#programs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([root, program]) => this.#snapshotOf(root, program))
  }

  /** What the committed history says of the program in a folder. */
  setHistory(root: string, history: JudgedHistory): void {
    this.#histories.set(root, history)
    const program = this.#programs.get(root)
    if (program?.snapshot) program.snapshot = { ...program.snapshot, history }
  }

  #set(uri: string, text: string, version: number | null): void {
    const key = keyOf(uri)
    if (key.endsWith(`/${settingsName}`)) {
      this.#setSettings(key, text)
      return
    }
    if (!key.endsWith('.writ') && version === null) return
    const known = this.#texts.get(key)
    if (known) {
      const same = known.text === text && known.uri === uri
      Object.assign(known, { uri, text, version })
      if (same) return
    } else this.#texts.set(key, { uri, text, version })
    const root = this.#rootOf(key)
    const program = this.#program(root)
    program.members.set(key.slice(root.length), key)
    program.snapshot = null
  }

  #remove(key: string): void {
    if (!this.#texts.delete(key)) return
    const root = this.#rootOf(key)
    const program = this.#programs.get(root)
    if (!program) return
    program.members.delete(key.slice(root.length))
    program.snapshot = null
    if (program.members.size === 0) this.#programs.delete(root)
  }

  #setSettings(key: string, text: string | null): void {
    const isNew = !this.#settings.has(key)
    if (text === null) {
      if (this.#settings.delete(key)) this.#regroup()
      return
    }
    this.#settings.set(key, text)
    if (isNew) {
      this.#regroup()
      return
    }
    const program = this.#programs.get(folderOf(key))
    if (!program) return
    program.settings = readSettings(text)
    program.baselines = undefined
    program.snapshot = null
  }

  #setNamed(key: string, text: string | null): void {
    this.#named.set(key, text)
    for (const program of this.#programs.values()) {
      if (program.settings.baselines.size === 0) continue
      program.baselines = undefined
      program.snapshot = null
    }
  }

  #namedKeys(): readonly string[] {
    return [...this.#programs].flatMap(([root, { settings }]) =>
      [...settings.baselines.values()].map(path => keyUnder(root, path)),
    )
  }

  #baselinesOf(root: string, { settings }: Folder): Baselines | null {
    const found = new Map<string, Baseline>()
    for (const [name, path] of settings.baselines) {
      const text = this.#named.get(keyUnder(root, path)) ?? null
      const read = text === null || text.length > largestFile ? null : readBaseline(name, text)
      // What is wrong with the file is for the command to say.
      if (read === null || typeof read === 'string') return null
      found.set(name, read)
    }
    return found
  }

  /** The nearest folder with a `writ.json`, else the folder that the client opened, else its own. */
  #rootOf(key: string): string {
    for (let folder = folderOf(key); folder.length > 3; folder = folderOf(folder.slice(0, -1))) {
      if (this.#settings.has(folder + settingsName)) return folder
      if (this.#folders.includes(folder)) return folder
    }
    return folderOf(key)
  }

  #program(root: string): Folder {
    const known = this.#programs.get(root)
    if (known) return known
    const text = this.#settings.get(root + settingsName)
    const settings = text === undefined ? defaultSettings : readSettings(text)
    const made: Folder = {
      members: new Map(),
      snapshot: null,
      previous: undefined,
      parsed: new Map(),
      settings,
      baselines: undefined,
    }
    this.#programs.set(root, made)
    return made
  }

  #regroup(): void {
    this.#programs.clear()
    for (const key of this.#texts.keys()) {
      const root = this.#rootOf(key)
      this.#program(root).members.set(key.slice(root.length), key)
    }
  }

  #snapshotOf(root: string, program: Folder): Snapshot {
    if (program.snapshot) return program.snapshot
    const files = new Map<string, SourceFile>()
    const uris = new Map<string, string>()
    const tooLarge = new Set<string>()
    const released = program.settings.history.folder?.replace(/\/+$/, '')
    for (const [path, key] of program.members) {
      // Earlier versions are no part of the program that is held against them.
      if (released !== undefined && path.startsWith(`${released}/`)) continue
      const known = this.#texts.get(key)
      if (!known) continue
      uris.set(path, known.uri)
      if (known.text.length > largestFile) {
        tooLarge.add(path)
        files.set(path, { path, text: known.text, declarations: [] })
      } else files.set(path, parse(path, known.text, program.parsed.get(path)))
    }
    if (program.baselines === undefined) program.baselines = this.#baselinesOf(root, program)
    const { baselines } = program
    const checked = check([...files.values()], program.previous, { baselines })
    program.previous = checked
    program.parsed = files
    const { settings } = program
    const history = this.#histories.get(root) ?? null
    program.snapshot = { root, files, uris, tooLarge, settings, baselines, checked, history }
    return program.snapshot
  }
}

function changed(text: string, change: Change): string {
  if (!change.range) return change.text
  const lines = lineIndex(text)
  const start = lines.offset(change.range.start.line, change.range.start.character)
  const end = lines.offset(change.range.end.line, change.range.end.character)
  return text.slice(0, Math.min(start, end)) + change.text + text.slice(Math.max(start, end))
}

/** For files that no client has opened. */
export function shownUri(key: string): string {
  return uriOfKey(key)
}
