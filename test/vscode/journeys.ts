/** What people do with the extension, step by step, and what they have to see. */
import { ok, strictEqual } from 'node:assert'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
      const events = await screen.eventsOf(/flipped since HEAD/)
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
        await screen.theme(theme)
        await screen.picture(`lineage-${name}`)
      }
    },
  },
  {
    name: 'completion inserts, hover tells, saving formats',
    prepare: folder => {
      mkdirSync(join(folder, '.vscode'))
      writeFileSync(join(folder, '.vscode/settings.json'), '{ "editor.formatOnSave": true }')
    },
    run: async screen => {
      const { page } = screen
      await screen.open('refunds.writ')
      await type(screen, 'r.amount > 500 USD', 'amount', '')
      await page.keyboard.press('Control+Space')
      await page.locator('.suggest-widget .monaco-list-row', { hasText: 'amount' }).first().waitFor()
      await screen.picture('completion')
      await page.keyboard.type('amo')
      // The list is narrowed after the letters are in the text.
      await page.locator('.suggest-widget .monaco-list-row.focused', { hasText: 'amount' }).waitFor()
      await page.keyboard.press('Enter')
      await page
        .locator('.view-line', { hasText: /when\sr\.amount\s>\s500/ })
        .first()
        .waitFor()
      // At the cursor: the text may be drawn anew under a mouse that stands still.
      await screen.until('Show or Focus Hover', page.locator('.monaco-hover:visible', { hasText: 'Money<USD>' }))
      await screen.picture('hover')
      await page.keyboard.press('Escape')
      await type(screen, 'r.amount > 500 USD', ' > ', '   >   ')
      await page.keyboard.press('Control+s')
      await page
        .locator('.view-line', { hasText: /when\sr\.amount\s>\s500/ })
        .first()
        .waitFor()
    },
  },
  {
    name: 'tests run from the explorer, with coverage',
    run: async screen => {
      const { page } = screen
      await screen.open('tests.writ')
      await page.locator('.activitybar [aria-label^="Testing"]').first().click()
      const explorer = page.locator('.test-explorer')
      await explorer.locator('.monaco-list-row', { hasText: 'limits.writ' }).waitFor()
      await screen.command('Test: Run All Tests')
      await explorer.locator('.computed-state.codicon-testing-passed-icon').first().waitFor()
      await page.locator('.test-explorer', { hasText: /1[0-9]\/1[0-9]/ }).waitFor()
      await screen.picture('tests')
      await screen.until(
        'Test: Run All Tests with Coverage',
        page.locator('.pane-header', { hasText: 'Test Coverage' }),
      )
      await screen.open('refunds.writ')
      await page.locator('.coverage-deco-gutter').first().waitFor()
      await screen.picture('coverage')
    },
  },
  {
    name: 'an event is debugged from the list, a breakpoint is hit',
    run: async screen => {
      const { page } = screen
      await screen.open('refunds.writ')
      await screen.command('Writ: Attach a Recorded Log')
      await screen.lens(/\d+ decided/).waitFor()
      await screen.find('r.amount > 500 USD')
      await page.keyboard.press('F9')
      await page.locator('.codicon-debug-breakpoint').first().waitFor()
      const events = await screen.eventsOf(/\d+ decided/)
      await events.locator('.row').first().click()
      await events.locator('button.debug').click()
      await page.locator('.debug-toolbar').waitFor()
      await page.locator('.debug-top-stack-frame-line').first().waitFor()
      await page.locator('.activitybar [aria-label^="Run and Debug"]').first().click()
      await page.locator('.debug-call-stack .stack-frame', { hasText: 'policy refunds.refunds' }).first().waitFor()
      await page.keyboard.press('F5')
      await page.locator('.debug-call-stack .stack-frame', { hasText: 'r.amount > 500 USD = ' }).first().waitFor()
      await page.locator('.debug-variables', { hasText: 'amount' }).first().waitFor()
      await screen.picture('debug-dark')
      await screen.theme('Light Modern')
      await screen.picture('debug-light')
      await screen.theme('Dark High Contrast')
      await screen.picture('debug-contrast')
      await page.keyboard.press('Shift+F5')
    },
  },
  {
    name: 'what is recorded is shown as text, whatever it says',
    prepare: folder =>
      appendFileSync(
        join(folder, 'events/generated.ndjson'),
        `${JSON.stringify({
          type: 'refund_requested',
          id: '<img src=x onerror="document.title=1">',
          customer: '\u202Eevil\u001b[31m',
          agent: '</span><script>document.body.remove()</script>',
          amount: { amount: 9000, currency: 'USD' },
          channel: 'email',
          at: '2027-01-01T00:00:00Z',
        })}\n`,
      ),
    run: async screen => {
      await screen.open('refunds.writ')
      await screen.command('Writ: Attach a Recorded Log')
      await screen.lens(/\d+ decided/).waitFor()
      const events = await screen.eventsOf(/hold/)
      await events.locator('input.filter').fill('<img')
      const row = events.locator('.row', { hasText: '<img src=x' })
      await row.waitFor()
      await row.click()
      await events.locator('.evidence .line').first().waitFor()
      strictEqual(await events.locator('#app img, #app script').count(), 0)
      const shown = `${await row.innerText()} ${await events.locator('.evidence').innerText()}`
      ok(shown.includes('<script>'), shown)
      ok(!shown.includes('\u202e') && !shown.includes('\u001b'), 'nothing reorders or steers')
      await screen.picture('hostile')
    },
  },
  {
    name: 'simulation in light and high contrast, and a server that is killed',
    run: async screen => {
      const { page } = screen
      await screen.open('refunds.writ')
      await screen.command('Writ: Attach a Recorded Log')
      await screen.lens(/\d+ decided/).waitFor()
      await type(screen, 'r.amount <= 50 USD and spent', '50', '5')
      const events = await screen.eventsOf(/flipped since HEAD/)
      await events.locator('.row').first().click()
      await events.locator('.evidence .line').first().waitFor()
      await screen.theme('Light Modern')
      await screen.picture('simulation-light')
      await screen.theme('Dark High Contrast')
      await screen.picture('simulation-contrast')
      strictEqual(screen.killServers(), 1)
      await page.locator('.notification-toast', { hasText: 'was started again' }).waitFor()
      await screen.lens(/flipped since HEAD/).waitFor()
      await screen.picture('restarted')
    },
  },
]

/** Replaces `from` in the line that has `line`, as somebody types. */
async function type(screen: Screen, line: string, from: string, to: string): Promise<void> {
  const { page } = screen
  await screen.find(line)
  // The line is selected from its beginning to its end.
  await page.keyboard.press('ArrowLeft')
  for (let i = 0; i < line.indexOf(from); i++) await page.keyboard.press('ArrowRight')
  for (let i = 0; i < from.length; i++) await page.keyboard.press('Shift+ArrowRight')
  // Typing replaces what is selected, and one step undoes it.
  if (to === '') await page.keyboard.press('Delete')
  else await page.keyboard.type(to)
}
