/**
 * The lineage preview: the picture of the program's lineage, narrowed to what one node comes from and goes to, and the same as a tree for
 * screen readers and keyboards. The layout is the engine's, so that a saved picture is the one that was seen.
 */
import {
  edgeWords,
  isDirect,
  kindWords,
  type LineageGraph,
  type LineageLayout,
  type LineageNode,
  layoutLineage,
  lineageLines,
  lineageSvg,
  openLineage,
  pathOf,
} from '@writ/engine/lineage'
import type { PlacedGraph } from '@writ/language-server'
import type { FromLineage, ToLineage } from './messages.ts'
import { mostElements, narrowed, path, type View, visible } from './narrow.ts'

declare function acquireVsCodeApi(): {
  postMessage(message: FromLineage): void
  getState(): unknown
  setState(state: unknown): void
}
const code = acquireVsCodeApi()

type Direction = 'all' | 'both' | 'upstream' | 'downstream'

const app = document.querySelector('#app') ?? document.body
const heading = element('h2', 'title')
const search = element('input', 'search')
search.type = 'search'
search.placeholder = 'Find a field, rule or sink'
search.setAttribute('aria-label', 'Find a node')
const found = element('datalist', '')
found.id = 'nodes'
search.setAttribute('list', 'nodes')
const direction = select('Show', [
  ['both', 'from and to'],
  ['upstream', 'comes from'],
  ['downstream', 'goes to'],
  ['all', 'everything'],
])
const depth = select('How far', [
  ['', 'all steps'],
  ['1', '1 step'],
  ['2', '2 steps'],
  ['3', '3 steps'],
  ['5', '5 steps'],
])
const pin = element('button', 'pin')
pin.textContent = 'Pin'
pin.title = 'Keep the chosen node in the picture while the cursor goes on'
pin.setAttribute('aria-pressed', 'false')
const unpin = element('button', 'pin')
unpin.textContent = 'Unpin all'
unpin.hidden = true
const save = select('Save as', [
  ['', 'Save as …'],
  ['svg', 'SVG'],
  ['png', 'PNG'],
  ['json', 'JSON'],
  ['openlineage', 'OpenLineage'],
])
const follows = element('input', '')
follows.type = 'checkbox'
follows.checked = true
const followLabel = element('label', 'follow')
followLabel.append(follows, ' follow the cursor')
const bar = element('header', 'bar')
bar.append(heading, search, found, direction, depth, pin, unpin, followLabel, save)
const picture = element('div', 'picture')
picture.setAttribute('role', 'group')
picture.setAttribute('aria-label', 'Picture of the lineage. The tree beside it says the same.')
const world = element('div', 'world')
picture.append(world)
const tree = element('div', 'tree')
tree.setAttribute('role', 'tree')
tree.setAttribute('aria-label', 'Lineage of the chosen node')
const body = element('div', 'body')
body.append(picture, tree)
const live = element('div', 'live')
live.setAttribute('role', 'status')
app.append(bar, body, live)

let graph: PlacedGraph | null = null
let shown: LineageGraph = { nodes: [], edges: [] }
let chosen: string | null = null
let scale = 1
const pins = new Set<string>()
let layout: LineageLayout = layoutLineage(shown)
/** The window for which a large picture was drawn. */
let drawnFor: View | null = null

window.addEventListener('message', ({ data }: MessageEvent<ToLineage>) => {
  switch (data.kind) {
    case 'nothing':
      heading.textContent = data.message
      return
    case 'graph':
      heading.textContent = data.title
      graph = data.graph
      if (chosen !== null && !graph.nodes.some(node => node.id === chosen)) chosen = null
      found.replaceChildren(...graph.nodes.map(node => option(nameIn(node), kindWords[node.kind])))
      draw()
      return
    case 'follow':
      if (follows.checked && data.id !== chosen) choose(data.id)
  }
})
direction.addEventListener('change', draw)
depth.addEventListener('change', draw)
pin.addEventListener('click', () => {
  if (chosen === null) return
  if (!pins.delete(chosen)) pins.add(chosen)
  draw()
})
unpin.addEventListener('click', () => {
  pins.clear()
  draw()
})
search.addEventListener('change', () => {
  const node = graph?.nodes.find(one => nameIn(one) === search.value)
  if (node) choose(node.id)
})
save.addEventListener('change', () => {
  void exported(save.value)
  save.value = ''
})
picture.addEventListener('wheel', event => {
  if (!event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  scale = Math.min(2, Math.max(0.2, scale * (event.deltaY > 0 ? 0.9 : 1.1)))
  world.style.transform = `scale(${scale})`
  drawVisible()
})
picture.addEventListener('scroll', drawVisible)
window.addEventListener('resize', drawVisible)
world.addEventListener('pointerover', event => highlight(idOf(event.target)))
world.addEventListener('focusin', event => highlight(idOf(event.target)))
picture.addEventListener('pointerleave', () => highlight(null))
world.addEventListener('focusout', () => highlight(null))
picture.addEventListener('keydown', keyInPicture)
tree.addEventListener('keydown', keyInTree)
code.postMessage({ kind: 'ready' })

/** The whole program where nothing is chosen. */
function part(whole: PlacedGraph): LineageGraph {
  const plain: LineageGraph = {
    nodes: whole.nodes.map(unplaced),
    edges: whole.edges.map(edge => ({ ...edge, span: null })),
  }
  const ids = chosen === null ? [...pins] : [chosen, ...pins]
  const steps = depth.value === '' ? Number.POSITIVE_INFINITY : Number(depth.value)
  return narrowed(plain, { ids, direction: way(), depth: steps })
}
function way(): Direction {
  const { value } = direction
  return value === 'upstream' || value === 'downstream' || value === 'all' ? value : 'both'
}
function unplaced({ place: _, ...node }: PlacedGraph['nodes'][number]): LineageNode {
  return { ...node, span: null }
}

function choose(id: string): void {
  chosen = id
  draw()
  const node = graph?.nodes.find(one => one.id === id)
  if (node) live.textContent = `${kindWords[node.kind]} ${nameIn(node)}`
}

function draw(): void {
  if (!graph) return
  shown = part(graph)
  layout = layoutLineage(shown)
  drawnFor = null
  world.style.width = `${layout.width}px`
  world.style.height = `${layout.height}px`
  pin.setAttribute('aria-pressed', String(chosen !== null && pins.has(chosen)))
  pin.disabled = chosen === null
  unpin.hidden = pins.size === 0
  drawVisible()
  drawTree()
  if (chosen !== null) reveal(chosen)
}

function isSeen(x: number, y: number): boolean {
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = picture
  return x >= scrollLeft && x < scrollLeft + clientWidth && y >= scrollTop && y < scrollTop + clientHeight
}

/** All of a small picture, once; of a large one what the window shows and a window around it, as often as it leaves that. */
function drawVisible(): void {
  const isLarge = shown.nodes.length + shown.edges.length > mostElements
  if (drawnFor !== null && (!isLarge || isWithin(windowView(0), drawnFor))) return
  drawnFor = isLarge ? windowView(1) : everywhere
  const seen = visible(layout, drawnFor)
  const lines = document.createElementNS(svgNames, 'svg')
  lines.setAttribute('width', String(layout.width))
  lines.setAttribute('height', String(layout.height))
  lines.setAttribute('aria-hidden', 'true')
  const nodes = new Map(shown.nodes.map(node => [node.id, node]))
  const drawn = shown.edges.flatMap((edge, i) => (seen.edges.has(i) ? [edgeElement(edge, i, nodes)] : []))
  // Values over what is only depended on.
  lines.append(
    ...drawn.toSorted((a, b) => Number(a.classList.contains('direct')) - Number(b.classList.contains('direct'))),
  )
  const rows = Map.groupBy(shown.nodes, node => node.card)
  const cards = (rows.get(null) ?? []).flatMap(card => {
    const box = layout.cards.get(card.id)
    if (!box || !seen.cards.has(card.id)) return []
    const made = element('div', `card ${card.kind}`)
    made.style.transform = `translate(${box.x}px, ${box.y}px)`
    made.style.width = `${box.width}px`
    made.style.height = `${box.height}px`
    made.append(nodeElement(card, 'head'), ...(rows.get(card.id) ?? []).map(row => nodeElement(row, 'row')))
    return [made]
  })
  world.replaceChildren(lines, ...cards)
}

const everywhere: View = {
  left: Number.NEGATIVE_INFINITY,
  top: Number.NEGATIVE_INFINITY,
  right: Number.POSITIVE_INFINITY,
  bottom: Number.POSITIVE_INFINITY,
}

/** In the picture's own measure, with so many windows around it. */
function windowView(more: number): View {
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = picture
  return {
    left: (scrollLeft - more * clientWidth) / scale,
    top: (scrollTop - more * clientHeight) / scale,
    right: (scrollLeft + (1 + more) * clientWidth) / scale,
    bottom: (scrollTop + (1 + more) * clientHeight) / scale,
  }
}
function isWithin(inner: View, outer: View): boolean {
  return (
    inner.left >= outer.left && inner.top >= outer.top && inner.right <= outer.right && inner.bottom <= outer.bottom
  )
}

function edgeElement(
  edge: LineageGraph['edges'][number],
  index: number,
  nodes: ReadonlyMap<string, LineageNode>,
): SVGPathElement {
  const line = document.createElementNS(svgNames, 'path')
  line.setAttribute('d', pathOf(layout.routes[index] ?? []))
  const isClassified = isDirect(edge.flow) && (nodes.get(edge.from)?.classes.length ?? 0) > 0
  line.setAttribute('class', `${isDirect(edge.flow) ? 'direct' : 'indirect'}${isClassified ? ' classified' : ''}`)
  line.dataset.from = edge.from
  line.dataset.to = edge.to
  const title = document.createElementNS(svgNames, 'title')
  title.textContent = `${nodes.get(edge.from)?.name} ${edgeWords(edge)} ${nodes.get(edge.to)?.name}`
  line.append(title)
  return line
}

/** Everything that is not on a way through the node steps back; null: nothing does. */
function highlight(id: string | null): void {
  world.classList.toggle('traced', id !== null)
  if (id === null) return
  const on = path(shown, id)
  for (const node of world.querySelectorAll<HTMLElement>('.node'))
    node.classList.toggle('on', on.has(node.dataset.id ?? ''))
  for (const line of world.querySelectorAll<SVGPathElement>('path'))
    line.classList.toggle('on', on.has(line.dataset.from ?? '') && on.has(line.dataset.to ?? ''))
  for (const card of world.querySelectorAll('.card'))
    card.classList.toggle('on', card.querySelector('.node.on') !== null)
}

function idOf(target: EventTarget | null): string | null {
  const node = target instanceof Element ? target.closest('.node') : null
  return node instanceof HTMLElement ? (node.dataset.id ?? null) : null
}

function cardOf(id: string): string {
  return shown.nodes.find(node => node.id === id)?.card ?? id
}

const svgNames = 'http://www.w3.org/2000/svg'

function nodeElement(node: LineageNode, kind: 'head' | 'row'): HTMLElement {
  const isPinned = pins.has(node.id)
  const made = element('button', `node ${kind}${node.id === chosen ? ' chosen' : ''}${isPinned ? ' pinned' : ''}`)
  made.dataset.id = node.id
  made.tabIndex = node.id === chosen || (chosen === null && node === shown.nodes[0]) ? 0 : -1
  const classes = node.classes.join(', ')
  made.setAttribute(
    'aria-label',
    [kindWords[node.kind], nameIn(node), node.detail, classes, isPinned ? 'pinned' : '']
      .filter(text => text !== '')
      .join(', '),
  )
  made.append(text('name', node.name))
  if (kind === 'head')
    made.append(text('detail', [kindWords[node.kind], node.detail].filter(part => part !== '').join(' · ')))
  else if (classes === '') made.append(text('detail', node.detail))
  if (classes !== '') made.append(text('class', classes))
  made.addEventListener('click', () => choose(node.id))
  made.addEventListener('dblclick', () => code.postMessage({ kind: 'open', id: node.id }))
  return made
}

/** Arrows go along edges (left and right) and through rows (up and down); Enter opens the source. */
function keyInPicture(event: KeyboardEvent): void {
  const focused = document.activeElement
  const id = focused instanceof HTMLElement ? focused.dataset.id : undefined
  if (id === undefined) return
  const order = shown.nodes.map(node => node.id)
  const next: Record<string, () => string | undefined> = {
    ArrowLeft: () => shown.edges.find(edge => edge.to === id)?.from,
    ArrowRight: () => shown.edges.find(edge => edge.from === id)?.to,
    ArrowUp: () => order[order.indexOf(id) - 1],
    ArrowDown: () => order[order.indexOf(id) + 1],
  }
  if (event.key === 'Enter') code.postMessage({ kind: 'open', id })
  else if (event.key === ' ') choose(id)
  else if (event.key === 'Escape') {
    chosen = null
    draw()
  } else {
    const to = next[event.key]?.()
    if (to === undefined) return
    reveal(to)
    const target = world.querySelector(`.node[data-id="${CSS.escape(to)}"]`)
    if (target instanceof HTMLElement) target.focus()
  }
  event.preventDefault()
}

/** Of a large picture only what is near is in the page. */
function reveal(id: string): void {
  const box = layout.cards.get(cardOf(id))
  if (!box || isSeen(box.x * scale, box.y * scale)) return
  picture.scrollTo(box.x * scale - picture.clientWidth / 3, box.y * scale - picture.clientHeight / 3)
  drawVisible()
}

/** The same as text: what the chosen node comes from and goes to. */
function drawTree(): void {
  const items: HTMLElement[] = []
  const start = chosen
  if (start !== null)
    for (const [side, title] of [
      ['from', 'comes from'],
      ['to', 'goes to'],
    ] as const) {
      if ((side === 'from' && direction.value === 'downstream') || (side === 'to' && direction.value === 'upstream'))
        continue
      items.push(text('side', title))
      const [, ...lines] = lineageLines(shown, start, side)
      if (lines.length === 0) items.push(text('none', 'nothing'))
      for (const { indent, name, lead, detail, node, again } of lines) {
        const item = element('div', 'item')
        item.setAttribute('role', 'treeitem')
        item.setAttribute('aria-level', String(indent))
        item.tabIndex = -1
        item.dataset.id = node.id
        item.style.paddingLeft = `${indent * 14}px`
        const words =
          side === 'from'
            ? [text('name', name), text('lead', ` ${lead}`)]
            : [text('lead', `${lead} `), text('name', name)]
        item.append(...words, text('detail', `  ${detail}${again ? ' (see above)' : ''}`))
        item.addEventListener('click', () => choose(node.id))
        items.push(item)
      }
    }
  else items.push(text('none', 'Choose a node, or put the cursor into a policy.'))
  tree.replaceChildren(...items)
  const first = tree.querySelector('[role=treeitem]')
  if (first instanceof HTMLElement) first.tabIndex = 0
}

function keyInTree(event: KeyboardEvent): void {
  const items = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const at = items.findIndex(item => item.matches(':focus'))
  const item = items[at]
  if (!item) return
  if (event.key === 'ArrowDown') items[at + 1]?.focus()
  else if (event.key === 'ArrowUp') items[at - 1]?.focus()
  else if (event.key === 'Enter') code.postMessage({ kind: 'open', id: item.dataset.id ?? '' })
  else if (event.key === ' ') choose(item.dataset.id ?? '')
  else return
  event.preventDefault()
}

async function exported(format: string): Promise<void> {
  const title = heading.textContent ?? 'Lineage'
  const saved = (name: string, bytes: Uint8Array): void => {
    code.postMessage({ kind: 'save', name, base64: base64Of(bytes) })
  }
  const written = (name: string, value: string): void => saved(name, new TextEncoder().encode(value))
  switch (format) {
    case 'svg':
      written('lineage.svg', lineageSvg(shown, { title }))
      return
    case 'json':
      written('lineage.json', `${JSON.stringify({ nodes: shown.nodes, edges: shown.edges }, null, 2)}\n`)
      return
    case 'openlineage': {
      const events = openLineage(shown, { at: new Date().toISOString(), namespace: 'writ' })
      written('lineage.openlineage.ndjson', `${events.map(event => JSON.stringify(event)).join('\n')}\n`)
      return
    }
    case 'png':
      saved(
        'lineage.png',
        await pngOf(
          lineageSvg(shown, { title, theme: document.body.classList.contains('vscode-light') ? 'light' : 'dark' }),
        ),
      )
  }
}

async function pngOf(svg: string): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth * 2
    canvas.height = image.naturalHeight * 2
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>(done => canvas.toBlob(done, 'image/png'))
    return new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))
  } finally {
    URL.revokeObjectURL(url)
  }
}

function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

function nameIn({ name, card }: Pick<LineageNode, 'name' | 'card'>): string {
  const own = card === null ? undefined : graph?.nodes.find(node => node.id === card)
  return own ? `${own.name}.${name}` : name
}
function option(value: string, label: string): HTMLOptionElement {
  const made = element('option', '')
  made.value = value
  made.label = label
  return made
}
function select(label: string, choices: readonly (readonly [string, string])[]): HTMLSelectElement {
  const made = element('select', 'select')
  made.setAttribute('aria-label', label)
  made.append(
    ...choices.map(([value, title]) => {
      const one = option(value, title)
      one.textContent = title
      return one
    }),
  )
  return made
}
function text(kind: string, value: string): HTMLElement {
  const made = element('span', kind)
  made.textContent = value
  return made
}
function element<K extends keyof HTMLElementTagNameMap>(name: K, kind: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  if (kind !== '') made.className = kind
  return made
}
