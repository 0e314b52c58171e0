/**
 * The documents hold: links lead somewhere, pages keep their length, nothing in the project speaks of the machine it was written on.
 * The blocks of docs/language.md and docs/problems are run by engine/test/check/pages.test.ts.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')
const documents = tracked.filter(file => file.endsWith('.md') && !/^samples\/.*\/runs\//.test(file))

test.each(documents)('%s: relative links lead to files', file => {
  const text = readFileSync(file, 'utf8').replace(/```[\s\S]*?```/g, '')
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(match => match[1] ?? '')
    .filter(link => !/^(https?:|#)/.test(link))
    .filter(link => !existsSync(join(dirname(file), decodeURIComponent(link.split('#')[0] ?? ''))))
  expect(broken).toEqual([])
})

test('ARCHITECTURE.md is at most 250 lines', () => {
  expect(readFileSync('ARCHITECTURE.md', 'utf8').split('\n').length).toBeLessThanOrEqual(250)
})

test('no tracked text names a place outside the project', () => {
  const own = tracked.filter(file => /\.(ts|mjs|cjs|json|md|writ|yml)$/.test(file) || file === '.ci/run')
  const outside = new RegExp(['\\.\\./sha' + 'red/', '/wo' + 'rk/', '/ro' + 'ot/'].join('|'))
  const recorded = /^samples\/[^/]+\/(runs|events|CloudTrail)\//
  const hits = own.filter(file => !recorded.test(file) && existsSync(file) && outside.test(readFileSync(file, 'utf8')))
  expect(hits).toEqual([])
})
