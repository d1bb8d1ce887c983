import { onTestFinished } from 'vitest'
import type { Bundle } from '../../src/bundle/bundle.ts'
import { bundleSource, type BundleRequest } from '../../src/bundle/bundle-source.ts'
import type { LucreeError } from '../../src/errors.ts'
import { sourceTree, type Tree } from './source-tree.ts'

export const DOCKERFILE = 'FROM node:24\nEXPOSE 8080\n'

/** Bundles a directory with these files; the bundle is disposed of after the test. */
export async function bundle(tree: Tree, request: Partial<BundleRequest> = {}): Promise<Bundle> {
  const source = request.source ?? (await sourceTree(tree))
  const signal = new AbortController().signal
  const made = await bundleSource({ include: [], projectDir: source, signal, ...request, source })
  onTestFinished(() => made.dispose())
  return made
}

/** Paths of the files in the bundle of a tree that holds a valid Dockerfile besides. */
export async function shipped(tree: Tree, request: Partial<BundleRequest> = {}): Promise<string[]> {
  const made = await bundle({ Dockerfile: DOCKERFILE, ...tree }, request)
  return made.entries.filter(({ kind }) => kind !== 'directory').map(({ path }) => path)
}

export async function refusal(made: Promise<unknown>): Promise<LucreeError> {
  try {
    await made
  } catch (error) {
    return error as LucreeError
  }
  throw new Error('was accepted')
}
