/** What people do with the extension, step by step, and what they have to see. */
import { ok, strictEqual } from 'node:assert'
import type { Journey, Screen } from './ui.ts'

export const journeys: readonly Journey[] = [
  {
    name: 'problems appear and vanish',
    run: async screen => {
      await screen.open('refunds.writ')
      await type(screen, 'r.amount <= 50 USD and spent', 'USD', 'EUR')
      await screen.page.locator('.squiggly-error').first().waitFor()
      await screen.command('Problems: Focus on Problems View')
      await screen.page.getByRole('treeitem', { name: /EUR/ }).first().waitFor()
      await screen.picture('problems')
      await screen.page.locator('.editor-instance').first().click()
      await screen.page.keyboard.press('Control+z')
      await screen.page.locator('.squiggly-error').first().waitFor({ state: 'detached' })
    },
  },
  {
    name: 'simulation counts change with an edit and open events',
    run: async screen => {
      await screen.open('refunds.writ')
      await screen.command('Writ: Attach a Recorded Log')
      const lens = screen.lens(/\d+ decided/)
      await lens.waitFor()
      await screen.picture('simulation')
      await type(screen, 'r.amount <= 50 USD and spent', '50', '5')
      const flipped = screen.lens(/flipped since HEAD/)
      await flipped.waitFor()
      await screen.picture('simulation-flipped')
      await flipped.click()
      const events = await screen.webview('.row')
      await events.locator('.row .decision').first().waitFor()
      await events.locator('.row').first().click()
      await events.locator('.evidence .line').first().waitFor()
      ok((await events.locator('.evidence').innerText()).includes('RefundRequested'))
      await screen.picture('evidence')
      strictEqual(await events.locator('.row.chosen').count(), 1)
    },
  },
  {
    name: 'lineage opens, follows the cursor, in three themes',
    run: async screen => {
      await screen.open('refunds.writ')
      await screen.command('Writ: Show Lineage')
      const lineage = await screen.webview('.card')
      await lineage.locator('.node').first().waitFor()
      // In the middle of the line stands the window that the let is made of.
      await screen.page.locator('.view-line', { hasText: 'let spent' }).first().click()
      await lineage.locator('.node.chosen', { hasText: 'sum(amount) of RefundRequested' }).waitFor()
      await lineage.locator('[role=treeitem]').first().waitFor()
      await screen.picture('lineage-dark')
      for (const [theme, name] of [
        ['Light Modern', 'light'],
        ['Dark High Contrast', 'contrast'],
      ] as const) {
        await screen.command('Preferences: Color Theme')
        await screen.page.locator('.quick-input-widget input.input').fill(theme)
        await screen.page.keyboard.press('Enter')
        await screen.page.waitForTimeout(800)
        await screen.picture(`lineage-${name}`)
      }
    },
  },
]

/** Replaces `from` in the line that has `line`, as somebody types. */
async function type(screen: Screen, line: string, from: string, to: string): Promise<void> {
  const { page } = screen
  await page.locator('.editor-instance').first().click()
  await page.keyboard.press('Control+f')
  await page.locator('.find-widget textarea[aria-label="Find"]').first().fill(line)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  // The line is selected from its beginning to its end.
  await page.keyboard.press('ArrowLeft')
  for (let i = 0; i < line.indexOf(from); i++) await page.keyboard.press('ArrowRight')
  for (let i = 0; i < from.length; i++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.type(to)
}
