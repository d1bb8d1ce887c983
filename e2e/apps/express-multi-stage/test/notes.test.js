import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notes } from '../src/notes.js'

test('notes() is a router', () => assert.equal(typeof notes(), 'function'))
