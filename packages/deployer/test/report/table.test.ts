import { expect, it } from 'vitest'
import { createStyle } from '../../src/report/style.ts'
import { table } from '../../src/report/table.ts'

it('sets columns under their headings, and a dash where a cell is empty', () => {
  const rows = [
    ['LUCREE_PASSWD', 'property', '32'],
    ['A', '', '1'],
  ]
  expect(table(['NAME', 'STORE', 'LENGTH'], rows, createStyle(false))).toEqual([
    'NAME           STORE     LENGTH',
    'LUCREE_PASSWD  property  32',
    'A              -         1',
  ])
})
