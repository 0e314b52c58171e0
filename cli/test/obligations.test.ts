/** `writ simulate` and `writ explain` about what lives on after events: expectations, approvals, closing. */
import { expect, test } from 'vitest'
import { obligationSchema, runSchema, simulationSchema } from '../src/schemas.ts'
import { folder, readText, writ } from './writ.ts'

const files = {
  'a.writ': `module a

contract Pay version 1.0.0 { id: String key  at: Time time  agent: String requester  amount: Money<USD> }
contract Paid version 1.0.0 { pay: String key  at: Time time }
role Lead { members "ana", "bo" }

policy pays version 1.0.0 {
  on Pay as p
  default permit
  rule signs when p.amount > 100 USD require approval from Lead within 30m else deny "nobody signed"
  rule arrives after Pay as p expect Paid where it.pay == p.id within 1h else warn "{p.amount} did not arrive" then call { id: p.id }
}
`,
  'log.ndjson': `{"event":"Pay","id":"p1","at":"2026-11-02T09:00:00Z","agent":"bot","amount":"120 USD"}
{"event":"Approval","request":"p1","by":"ana","role":"Lead","verdict":"approve","at":"2026-11-02T09:10:00Z"}
{"event":"Paid","pay":"p1","at":"2026-11-02T09:20:00Z"}
{"event":"Pay","id":"p2","at":"2026-11-02T10:00:00Z","agent":"ana","amount":"130 USD"}
{"event":"Approval","request":"p2","by":"ana","role":"Lead","verdict":"approve","at":"2026-11-02T10:10:00Z"}
`,
}
const log = ['--events', 'log.ndjson']

test('the report counts instances by rule, approvals by effect, and the load of roles', async () => {
  const { code, stdout } = await writ(['simulate', '.', ...log], { cwd: folder(files) })
  expect(stdout).toMatch(/pays\.signs +2 +1 +0 +1\n/)
  expect(stdout).toMatch(/pays\.arrives +2 +1 +0 +1\n/)
  expect(stdout).toContain('approvals: 1 counted, 1 self')
  expect(stdout).toContain('Lead: asked 2 times, 1 answer that counted; at most 1 waiting at once')
  expect(code).toBe(0)
})

test('--close-at passes deadlines that no event shows; without an own identity for it, runs could not be told apart', async () => {
  const cwd = folder(files)
  const json = async (...more: string[]) => {
    const { stdout } = await writ(['simulate', '.', ...log, '--format', 'json', ...more], { cwd })
    return simulationSchema.parse(JSON.parse(stdout))
  }
  const open = await json()
  const closed = await json('--close-at', '2026-11-02T11:00:00Z')
  const ends = ({ obligations }: typeof open) =>
    obligations.map(({ rule, pending, breached }) => ({ rule, pending, breached }))
  expect(ends(open)).toEqual([
    { rule: 'signs', pending: 1, breached: 0 },
    { rule: 'arrives', pending: 1, breached: 0 },
  ])
  expect(ends(closed)).toEqual([
    { rule: 'signs', pending: 0, breached: 1 },
    { rule: 'arrives', pending: 0, breached: 1 },
  ])
  expect(closed.run.identity).not.toBe(open.run.identity)
  expect(closed.closedAt).toBe('2026-11-02T11:00:00.000Z')
})

test('--close-at: before the last event, or no time at all', async () => {
  const cwd = folder(files)
  const early = await writ(['simulate', '.', ...log, '--close-at', '2026-11-02'], { cwd })
  expect(early.stderr).toContain('error W3026: the log cannot be closed at 2026-11-02T00:00:00.000Z')
  const none = await writ(['simulate', '.', ...log, '--close-at', 'noon'], { cwd })
  expect(none.stderr).toContain('error W3016: --close-at noon is no time.')
  expect([early.code, none.code]).toEqual([2, 2])
})

test('--obligations: a line for each change and approval, in order', async () => {
  const cwd = folder(files)
  const { stderr } = await writ(
    ['simulate', '.', ...log, '--close-at', '2026-11-02T12:00:00Z', '--obligations', 'out.ndjson'],
    { cwd },
  )
  expect(stderr).toContain('10 lines written to out.ndjson')
  const lines = readText(cwd, 'out.ndjson')
    .trimEnd()
    .split('\n')
    .map(line => obligationSchema.parse(JSON.parse(line)))
  expect(lines.map(line => (line.kind === 'approval' ? line.effect : `${line.kind} ${line.rule}`))).toEqual([
    'opened signs',
    'opened arrives',
    'counted',
    'fulfilled signs',
    'fulfilled arrives',
    'opened signs',
    'opened arrives',
    'self',
    'breached signs',
    'breached arrives',
  ])
  expect(lines.at(-1)).toMatchObject({
    at: '2026-11-02T11:00:00.000Z',
    noticedAt: '2026-11-02T12:00:00.000Z',
    outcome: { decision: 'warn', text: '130.00 USD did not arrive', effects: [{ verb: 'call', fields: { id: 'p2' } }] },
  })
})

test('--approver-delay: answers as slow as that instead of the recorded ones', async () => {
  const cwd = folder(files)
  const report = async (delays: string) =>
    (await writ(['simulate', '.', ...log, '--close-at', '2026-12-01', '--approver-delay', delays], { cwd })).stdout
  const quick = await report('1m,p90=5m')
  expect(quick).toContain(', answers simulated,')
  expect(quick).toMatch(/pays\.signs +2 +2 +0 +0\n/)
  expect(quick).toContain('approvals: 2 counted')
  // The same each time.
  expect(await report('1m,p90=5m')).toContain(/run .*equal/.exec(quick)?.[0] ?? 'a run')
  expect(await report('p1=2h,p90=3h')).toMatch(/pays\.signs +2 +0 +2 +0\n/)
  const { stderr, code } = await writ(['simulate', '.', ...log, '--approver-delay', 'soon'], { cwd })
  expect(stderr).toContain('error W3017: --approver-delay soon says no delays.')
  expect(code).toBe(2)
})

test('lateness in each mode: what a late answer does to a deadline that had passed', async () => {
  const answer = '{"event":"Paid","pay":"p1","at":"2026-11-02T09:50:00Z"}\n'
  const first = files['log.ndjson'].split('\n').filter(line => !line.includes('"Paid"'))
  const simulated = async (mode: string) => {
    const maps = ['Pay', 'Paid', 'Approval'].map(name => `map ${name} when event == "${name}" { }`)
    const source = `${files['a.writ']}source log { format ndjson  lateness 5m ${mode}  ${maps.join(' ')} }`
    const cwd = folder({ 'a.writ': source, 'log.ndjson': `${first.join('\n')}${answer}` })
    const { stdout: text } = await writ(['simulate', '.', ...log, '--format', 'json'], { cwd })
    const json = simulationSchema.parse(JSON.parse(text))
    const arrives = json.obligations.find(({ rule, pending }) => rule === 'arrives' && pending !== undefined)
    const { stdout } = await writ(['simulate', '.', ...log], { cwd })
    return { ends: [arrives?.fulfilled, arrives?.breached], revisions: json.revisions?.instances, stdout, cwd }
  }
  expect(await simulated('record')).toMatchObject({ ends: [1, 0], revisions: undefined })
  expect(await simulated('reject')).toMatchObject({ ends: [0, 1], revisions: undefined })
  const { ends, revisions, stdout, cwd } = await simulated('revise')
  expect(ends).toEqual([1, 0])
  const [from, to] = ['breached', 'fulfilled'].map(status => ({ status }))
  expect(revisions).toMatchObject([{ event: { file: 'log.ndjson', index: 0 }, rule: 'arrives', from, to }])
  expect(stdout).toContain('revisions  1 event came late and revised 0 decisions and 1 instance')
  const run = await writ(['run', '.', '--log', 'audit', '--key', 'no.key'], { cwd, input: answer })
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('W4009')])
})

test('writ run tells decisions, changes and approvals with their entries, each a line of one form', async () => {
  const cwd = folder(files)
  await writ(['key', 'new', 'example.com/pays', '--output', 'log.key'], { cwd })
  const run = ['run', '.', '--log', 'audit', '--key', 'log.key', ...log]
  const { code, stdout } = await writ(run, { cwd })
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => runSchema.parse(JSON.parse(line)))
  expect([code, lines.map(line => line.entry)]).toEqual([0, lines.map((_, place) => place)])
  const kinds = new Set(lines.map(line => ('kind' in line ? line.kind : line.decision)))
  expect([...kinds].sort()).toEqual(['approval', 'fulfilled', 'hold', 'opened'])
})

test('writ explain --close-at tells what a deadline ended that no event shows', async () => {
  const explained = (...more: string[]) =>
    writ(['explain', '.', ...log, '--event', '4', ...more], { cwd: folder(files) })
  expect((await explained()).stdout).toContain('pays.signs pending\n')
  const { code, stdout } = await explained('--close-at', '2026-11-02T10:30:00Z', '--verify')
  expect(stdout).toContain('pays.signs breached\n')
  expect(stdout).toContain('2026-11-02 10:30:00Z  the deadline passes (noticed at 2026-11-02 10:30:00Z)\n')
  expect(stdout).toContain('pays.arrives pending\n')
  expect(stdout.match(/verified: the independent checker/g)).toHaveLength(3)
  expect(code).toBe(0)
})

test('writ explain tells what became of it, and the checker agrees', async () => {
  const { stdout, code } = await writ(['explain', '.', ...log, '--event', '1', '--verify'], { cwd: folder(files) })
  expect(stdout).toContain('pays.signs fulfilled\n')
  expect(stdout).toContain('2026-11-02 09:10:00Z  ana as Lead approves\n')
  expect(stdout.match(/verified: the independent checker/g)).toHaveLength(3)
  expect(code).toBe(0)
})
