import { expect, test } from 'vitest'
import { isNodeImage, nodeMajorOf } from '../src/index.ts'

test.each<[string, boolean, number | undefined]>([
  ['node', true, undefined],
  ['node:24', true, 24],
  ['node:24-slim', true, 24],
  ['node:v22', true, 22],
  ['public.ecr.aws/docker/library/node:24-slim', true, 24],
  ['node:lts', true, undefined],
  ['node@sha256:abc', true, undefined],
  ['node:20.1@sha256:abc', true, 20],
  ['acme/node:1', true, 1],
  ['registry:5000/node', true, undefined],
  ['nodejs:22', false, undefined],
  ['python:3', false, undefined],
  ['scratch', false, undefined],
])('the name %s says of Node: %s, major version %s', (image, isNode, major) => {
  expect(isNodeImage(image)).toBe(isNode)
  if (isNode) expect(nodeMajorOf(image)).toBe(major)
})
