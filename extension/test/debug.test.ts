/** The debug adapter as VS Code speaks to it, over the events of a test and the service itself: stops, steps in both directions, values, breakpoints. */
import { readFileSync } from 'node:fs'
import { check } from '@writ/engine'
import { parse } from '@writ/grammar'
import { describe, expect, test } from 'vitest'
import { answerDebug } from '../../language-server/src/debug/answer.ts'
import type { DebugPlace } from '../../language-server/src/debug/moment.ts'
import { testSubject } from '../../language-server/src/debug/subject.ts'
import { Adapter, type Backend } from '../src/debug/adapter.ts'
import type { Frame, Launch, Variable } from '../src/debug/protocol.ts'

const names = ['events.writ', 'refunds.writ', 'limits.writ', 'velocity.writ', 'levels.writ', 'tests.writ']
const texts = new Map(names.map(name => [name, readFileSync(`samples/refunds/${name}`, 'utf8')]))
const files = new Map([...texts].map(([name, text]) => [name, parse(name, text)]))
const checked = check([...files.values()])
const title = 'small refunds of one customer are signed from 120 USD on in 24 hours'

/** What the server does: places with URIs for paths. */
const backend: Backend = {
  toUri: path => `file://${path}`,
  toPath: uri => uri.replace('file://', ''),
  prepare: async ({ test: name = '' }) => {
    const subject = testSubject(files, checked, 'limits.writ', name)
    if (!subject) return { problem: `There is no test ${name}.` }
    const at = ({ path, ...range }: DebugPlace) => ({ ...range, uri: `file:///w/${path}` })
    return {
      ask: async <R>(question: Parameters<typeof answerDebug>[1]) => {
        const text = JSON.stringify(answerDebug(subject, question), (key, value) =>
          key === 'place' ? at(value) : value,
        )
        return JSON.parse(text) as R
      },
    }
  },
}

interface Told {
  readonly type: string
  readonly event?: string
  readonly request_seq?: number
  readonly success?: boolean
  readonly message?: string
  readonly body?: { readonly [name: string]: unknown }
}

class Client {
  readonly told: Told[] = []
  readonly adapter = new Adapter(backend)
  #seq = 0
  #wake: (() => void)[] = []

  constructor() {
    this.adapter.onDidSendMessage(message => {
      this.told.push(message)
      for (const wake of this.#wake.splice(0)) wake()
    })
  }

  async until(is: (told: Told) => boolean): Promise<Told> {
    for (;;) {
      const found = this.told.find(is)
      if (found) return found
      await new Promise<void>(done => this.#wake.push(done))
    }
  }
  async request<Body>(command: string, given: object = {}): Promise<Body> {
    const seq = ++this.#seq
    this.adapter.handleMessage({ type: 'request', seq, command, arguments: given } as never)
    const answer = await this.until(told => told.request_seq === seq)
    if (answer.success !== true) throw new Error(answer.message)
    return answer.body as Body
  }
  /** Moves, waits until it stands again, and says where: `line: what`. */
  async move(command: string): Promise<string> {
    const before = this.told.length
    await this.request(command, { threadId: 1 })
    const event = await this.until(told => this.told.indexOf(told) >= before && told.type === 'event')
    return event.event === 'stopped' ? await this.here() : (event.event ?? '')
  }
  async frames(): Promise<readonly Frame[]> {
    return (await this.request<{ stackFrames: Frame[] }>('stackTrace', { threadId: 1 })).stackFrames
  }
  async here(): Promise<string> {
    const [top] = await this.frames()
    return `${top?.line}: ${top?.name}`
  }
}

const policyLine = lineOf('policy refunds version')

function lineOf(part: string): number {
  return (texts.get('refunds.writ') ?? '').split('\n').findIndex(line => line.includes(part)) + 1
}

async function started(
  launch: Partial<Launch> = {},
  lines: readonly (number | [number, string])[] = [],
): Promise<Client> {
  const client = new Client()
  await client.request('initialize')
  await client.request('launch', {
    program: '/w/limits.writ',
    test: title,
    event: 4,
    policy: 'refunds.refunds',
    ...launch,
  })
  const breakpoints = lines.map(line => (typeof line === 'number' ? { line } : { line: line[0], condition: line[1] }))
  await client.request('setBreakpoints', { source: { path: '/w/refunds.writ' }, breakpoints })
  await client.request('configurationDone')
  await client.until(({ event }) => event === 'stopped' || event === 'terminated')
  return client
}

describe('a session', () => {
  test('stops at the event, with the stack and the values', async () => {
    const client = await started()
    const [policy, event] = await client.frames()
    expect(policy).toMatchObject({
      name: 'policy refunds.refunds',
      line: policyLine,
      source: { path: '/w/refunds.writ' },
    })
    expect(event?.name).toBe('RefundRequested at 2026-11-02 12:00:00Z, test:4 (event 4 of 5)')
    const { scopes } = await client.request<{ scopes: { name: string; variablesReference: number }[] }>('scopes', {
      frameId: policy?.id,
    })
    expect(scopes.map(({ name }) => name)).toEqual(['Event', 'Let', 'Windows'])
    const shown: string[] = []
    for (const { variablesReference } of scopes) {
      const { variables } = await client.request<{ variables: Variable[] }>('variables', { variablesReference })
      shown.push(...variables.map(({ name, value }) => `${name} = ${value}`))
    }
    expect(shown).toContain('amount = 0.01 USD')
    expect(shown).toContain('spent = 120.01 USD')
    expect(shown).toContain('sum(amount) of RefundRequested by customer over 24h = 120.01 USD')
  })

  test('steps in, over, out and back', async () => {
    const client = await started()
    const small = lineOf('rule small')
    expect(await client.move('stepIn')).toBe(`${small}: rule small: not matched`)
    expect(await client.move('stepIn')).toBe(`${small + 1}: r.amount <= 50 USD and spent <= 120 USD = false`)
    expect(await client.move('stepIn')).toBe(`${small + 1}: r.amount <= 50 USD = true`)
    expect(await client.move('next')).toBe(`${small + 1}: spent <= 120 USD = false`)
    expect(await client.move('stepIn')).toBe(`${lineOf('let spent')}: spent = 120.01 USD`)
    expect((await client.frames()).map(({ name }) => name)).toEqual([
      'spent = 120.01 USD',
      'spent <= 120 USD = false',
      'r.amount <= 50 USD and spent <= 120 USD = false',
      'rule small: not matched',
      'policy refunds.refunds',
      'RefundRequested at 2026-11-02 12:00:00Z, test:4 (event 4 of 5)',
    ])
    expect(await client.move('stepOut')).toBe(`${lineOf('rule lead_signs')}: rule lead_signs: matched`)
    expect(await client.move('stepBack')).toBe(`${small}: rule small: not matched`)
    expect(await client.move('stepBack')).toBe(`${policyLine}: policy refunds.refunds`)
    expect(await client.move('stepBack')).toBe(`${small}: permit by small`)
    expect((await client.frames()).at(-1)?.name).toContain('event 3 of 5')
  })

  test('ends behind the last event, and stays at the first one', async () => {
    const client = await started()
    expect(await client.move('next')).toContain('hold by lead_signs')
    expect(await client.move('next')).toBe('terminated')
    const other = await started({ event: 'first' })
    expect(await other.move('stepBack')).toBe(`${policyLine}: policy refunds.refunds`)
  })

  test('evaluates expressions of the language, and says what is wrong with others', async () => {
    const client = await started()
    const evaluate = (expression: string) => client.request<{ result: string }>('evaluate', { expression, frameId: 1 })
    expect(await evaluate('spent - r.amount')).toMatchObject({ result: '120.00 USD', type: 'Money<USD>' })
    expect(await evaluate('count of RefundRequested by customer over 1h')).toMatchObject({ result: '1' })
    await expect(evaluate('r.amont')).rejects.toThrow('amont')
  })

  test('says why it cannot begin', async () => {
    await expect(started({ test: 'no such test' })).rejects.toThrow('There is no test no such test.')
    await expect(started({ event: 99 })).rejects.toThrow('event 99')
  })
})

describe('breakpoints', () => {
  test('stand where something is evaluated, near by, or nowhere', async () => {
    const client = await started()
    const { breakpoints } = await client.request<{ breakpoints: unknown[] }>('setBreakpoints', {
      source: { path: '/w/refunds.writ' },
      breakpoints: [{ line: lineOf('rule small') }, { line: lineOf('let spent') - 1 }, { line: 1 }],
    })
    expect(breakpoints).toMatchObject([
      { verified: true, line: lineOf('rule small') },
      { verified: true, line: lineOf('let spent') },
      { verified: false },
    ])
  })

  test('stop the session, forwards and backwards, at events whose rule matched', async () => {
    const small = lineOf('r.amount <= 50 USD and spent')
    const client = await started({ event: 'first', stopOnEntry: false }, [small])
    expect(await client.here()).toBe(`${small}: r.amount <= 50 USD and spent <= 120 USD = true`)
    expect(await client.move('continue')).toBe(`${small}: r.amount <= 50 USD and spent <= 120 USD = true`)
    expect((await client.frames()).at(-1)?.name).toContain('event 1 of 5')
    await client.move('continue')
    await client.move('continue')
    expect((await client.frames()).at(-1)?.name).toContain('event 3 of 5')
    expect(await client.move('continue')).toBe('terminated')
    await client.move('reverseContinue')
    expect((await client.frames()).at(-1)?.name).toContain('event 2 of 5')
  })

  test('with a condition stop only where it is true', async () => {
    const small = lineOf('r.amount <= 50 USD and spent')
    const client = await started({ event: 'first', stopOnEntry: false }, [[small, 'r.customer == "c2"']])
    expect((await client.frames()).at(-1)?.name).toContain('event 3 of 5')
    expect(await client.move('continue')).toBe('terminated')
  })
})
