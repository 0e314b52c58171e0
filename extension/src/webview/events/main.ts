/**
 * The list of events of a rule, and why the chosen one was decided so. Only the rows that are seen are in the page, so that a million
 * events scroll as ten do. Everything is text that is set as text.
 */
import type { Line, Segment } from '@writ/engine'
import type { EventRow, Which } from '@writ/language-server'
import type { FromEvents, ToEvents } from './messages.ts'

declare function acquireVsCodeApi(): { postMessage(message: FromEvents): void }
const code = acquireVsCodeApi()

const rowHeight = 24
const pageSize = 100
/** Browsers end at some 30 million pixels: above, rows are mapped onto a shorter list. */
const tallest = 8_000_000

const app = document.querySelector('#app') ?? document.body
const heading = element('h2', 'title')
const tabs = element('div', 'tabs')
tabs.setAttribute('role', 'tablist')
const filter = element('input', 'filter')
filter.type = 'search'
filter.placeholder = 'Filter: any text of the event'
filter.setAttribute('aria-label', 'Filter events')
const count = element('span', 'count')
count.setAttribute('role', 'status')
const list = element('div', 'list')
list.tabIndex = 0
list.setAttribute('role', 'listbox')
list.setAttribute('aria-label', 'Events')
const space = element('div', 'space')
const rows = element('div', 'rows')
list.append(space, rows)
const evidence = element('section', 'evidence')
evidence.setAttribute('aria-label', 'Why it was decided so')
evidence.tabIndex = 0
const makeTest = element('button', 'make-test')
makeTest.textContent = 'Make this a test'
makeTest.hidden = true
const debug = element('button', 'debug')
debug.textContent = 'Debug'
debug.title = 'Step through the rules at this event'
debug.hidden = true
const bar = element('header', 'bar')
bar.append(heading, tabs, filter, count, debug, makeTest)
const body = element('div', 'body')
body.append(list, evidence)
app.append(bar, body)

let total = 0
let partial = false
let which: Which = 'decided'
let pages = new Map<number, readonly EventRow[]>()
let asked = new Set<number>()
/** Answers to questions before the last change of the list are of no use. */
let generation = 0
let chosen: number | null = null
let chosenAt = -1

window.addEventListener('message', ({ data }: MessageEvent<ToEvents>) => {
  switch (data.kind) {
    case 'nothing':
      heading.textContent = data.message
      reset()
      return
    case 'show':
      heading.textContent = data.stale ? `${data.title} (of an earlier text)` : data.title
      which = data.which
      drawTabs(data.base)
      reset()
      return
    case 'page': {
      const [own, page] = [Math.floor(data.request / 1e6), data.request % 1e6]
      if (own !== generation || data.page === null) return
      total = data.page.total
      partial = data.page.partial
      pages.set(page, data.page.rows)
      count.textContent = `${grouped(total)} ${total === 1 ? 'event' : 'events'}${partial ? ' of the first 200,000' : ''}`
      draw()
      return
    }
    case 'evidence':
      if (data.seq !== chosen) return
      evidence.replaceChildren(...(data.lines ?? []).map(lineElement))
      makeTest.hidden = data.lines === null
      debug.hidden = data.lines === null
  }
})

list.addEventListener('scroll', draw)
window.addEventListener('resize', draw)
let typing: ReturnType<typeof setTimeout> | undefined
filter.addEventListener('input', () => {
  clearTimeout(typing)
  typing = setTimeout(reset, 150)
})
list.addEventListener('keydown', event => {
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: visible(),
    PageUp: -visible(),
    Home: -total,
    End: total,
  }
  const step = steps[event.key]
  if (step === undefined) return
  event.preventDefault()
  choose(Math.max(0, Math.min(total - 1, chosenAt + step)))
})
makeTest.addEventListener('click', () => {
  if (chosen !== null) code.postMessage({ kind: 'test', seq: chosen })
})
debug.addEventListener('click', () => {
  if (chosen !== null) code.postMessage({ kind: 'debug', seq: chosen })
})
code.postMessage({ kind: 'ready' })

function reset(): void {
  generation++
  total = 0
  pages = new Map()
  asked = new Set()
  chosen = null
  chosenAt = -1
  count.textContent = ''
  evidence.replaceChildren()
  makeTest.hidden = true
  debug.hidden = true
  list.scrollTop = 0
  ask(0)
  draw()
}

function ask(page: number): void {
  if (asked.has(page)) return
  asked.add(page)
  code.postMessage({
    kind: 'page',
    request: generation * 1e6 + page,
    offset: page * pageSize,
    limit: pageSize,
    filter: filter.value,
  })
}

function visible(): number {
  return Math.max(1, Math.floor(list.clientHeight / rowHeight))
}

function draw(): void {
  const height = Math.min(total * rowHeight, tallest)
  space.style.height = `${height}px`
  const scrollable = height - list.clientHeight
  const hidden = Math.max(0, total - visible())
  const first = scrollable <= 0 ? 0 : Math.floor((list.scrollTop / scrollable) * hidden)
  const end = Math.min(total, first + visible() + 2)
  const drawn: HTMLElement[] = []
  for (let at = first; at < end; at++) {
    const page = Math.floor(at / pageSize)
    const row = pages.get(page)?.[at % pageSize]
    if (!pages.has(page)) ask(page)
    drawn.push(rowElement(at, row))
  }
  rows.style.transform = `translateY(${list.scrollTop}px)`
  rows.replaceChildren(...drawn)
}

function rowElement(at: number, row: EventRow | undefined): HTMLElement {
  const line = element('div', 'row')
  line.setAttribute('role', 'option')
  line.id = `row-${at}`
  line.setAttribute('aria-setsize', String(total))
  line.setAttribute('aria-posinset', String(at + 1))
  if (!row) {
    line.textContent = '…'
    return line
  }
  const isChosen = row.seq === chosen
  line.setAttribute('aria-selected', String(isChosen))
  if (isChosen) line.classList.add('chosen')
  const decided = row.before === null ? row.decision : `${row.before} → ${row.decision}`
  line.append(
    cell('time', row.time),
    cell(`decision ${row.decision}`, decided),
    cell('summary', row.summary),
    cell('place', `${row.file}:${row.index}`),
  )
  line.addEventListener('click', () => choose(at))
  return line
}

function choose(at: number): void {
  const row = pages.get(Math.floor(at / pageSize))?.[at % pageSize]
  chosenAt = at
  chosen = row?.seq ?? null
  const scrollable = Math.min(total * rowHeight, tallest) - list.clientHeight
  const hidden = Math.max(1, total - visible())
  const first = scrollable <= 0 ? 0 : Math.floor((list.scrollTop / scrollable) * hidden)
  if (at < first || at >= first + visible())
    list.scrollTop = (Math.max(0, at - Math.floor(visible() / 2)) / hidden) * scrollable
  list.setAttribute('aria-activedescendant', `row-${at}`)
  draw()
  if (row)
    code.postMessage({ kind: 'explain', seq: row.seq, width: Math.max(40, Math.floor(evidence.clientWidth / 8.8)) })
}

function drawTabs(base: string | null): void {
  const kinds: readonly (readonly [Which, string])[] = [
    ['decided', 'Decided'],
    ['matched', 'Matched'],
    ...(base === null ? [] : [['flipped', `Flipped since ${base}`] as const]),
  ]
  tabs.replaceChildren(
    ...kinds.map(([kind, title]) => {
      const tab = element('button', 'tab')
      tab.setAttribute('role', 'tab')
      tab.setAttribute('aria-selected', String(kind === which))
      tab.textContent = title
      tab.addEventListener('click', () => code.postMessage({ kind: 'which', which: kind }))
      return tab
    }),
  )
}

function lineElement(line: Line): HTMLElement {
  const made = element('div', 'line')
  made.append(...line.map(({ text, role }: Segment) => cell(`role-${role}`, text)))
  if (line.length === 0) made.textContent = '\u00a0'
  return made
}

function cell(kind: string, text: string): HTMLElement {
  const made = element('span', kind)
  made.textContent = text
  return made
}
function element<K extends keyof HTMLElementTagNameMap>(name: K, kind: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  made.className = kind
  return made
}
function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
