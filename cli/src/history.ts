/** The committed history of a workspace of the disk. What it is made of is @writ/ledger/history. */
import { parse } from '@writ/grammar'
import { type History, historyOf } from '@writ/ledger/history'
import { isRefusal } from './refusal.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

/** `against` is a revision named on the command line. */
export function historyOfWorkspace(workspace: Workspace, against: string | undefined): Promise<History> {
  const { folder, settings } = workspace
  const readFolder = async (path: string) => {
    const opened = await openWorkspace(path, folder)
    return isRefusal(opened) ? null : opened.files
  }
  const files = workspace.files.map(file => parse(file.path, file.text))
  return historyOf({ folder, settings: settings.history, readFolder }, files, against)
}
