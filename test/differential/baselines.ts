/** Baselines that generated programs hold values against; their edges and values are those of the pools. */
import { type Baseline, type Baselines, parseRational, rational } from '@writ/engine'

const edges = ['-0.5', '0', '1', '10', '1000'].map(text => parseRational(text) ?? rational(0n))
const numbers: Baseline = { name: 'usual_numbers', of: 'numbers', edges, currency: null, counts: [2, 0, 7, 3, 1, 9] }

export const baselines: Baselines = new Map<string, Baseline>([
  [numbers.name, numbers],
  ['usual_dollars', { ...numbers, name: 'usual_dollars', currency: 'USD', counts: [0, 1, 0, 5, 20, 2] }],
  [
    'usual_texts',
    { name: 'usual_texts', of: 'texts', values: ['a', 'chat', 'true', '1.0.0'], counts: [5, 3, 2, 1, 4] },
  ],
])
