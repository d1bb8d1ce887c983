import { isNodeImage, nodeMajorOf } from '@lucree/docker-context'
import type { FinalImage } from '../../bundle/dockerfile/final-image.ts'
import type { CheckResult } from './check.ts'

/** What runs applications on this machine. */
export interface LocalRuntime {
  /** `docker`, an engine that builds any Dockerfile; or `process`, which follows those of Node images. */
  name: string
  /** What `process` runs applications on: `v22.23.3`. */
  node: string | undefined
}

const name = 'engine'

/** What is known of the image of a bundle. */
export interface BundleImage {
  /** Of its Dockerfile. */
  image: FinalImage | undefined
  /** What is pulled: without a Dockerfile what Dockerrun.aws.json names. */
  images: string[]
}

/** Whether the embedded Beanstalk can build this bundle: without an engine it follows Dockerfiles of Node images. A name that isn't known is never refused. */
export function engineResult({ name: runtime, node }: LocalRuntime, bundle: BundleImage): CheckResult {
  if (runtime !== 'process')
    return { name, state: 'ok', found: 'a container engine builds and runs it', mend: [] }
  const { image, images } = bundle
  const others = image ? image.needs.filter((needed) => !isNodeImage(needed)) : images
  if (others.length > 0) return image ? cannotBuild(others) : cannotPull(others)
  const difference = image && otherNode(image, node)
  const plain = `no container engine: it runs as a process of this machine${node ? `, on Node ${node}` : ''}`
  return { ...{ name, state: 'ok', mend: [] }, found: difference ?? plain }
}

/** One sentence without a full stop when the application will run on another Node than its Dockerfile asks for. */
export function otherNode({ needs }: FinalImage, node: string | undefined): string | undefined {
  const image = needs.findLast((needed) => nodeMajorOf(needed) !== undefined)
  const asked = image === undefined ? undefined : nodeMajorOf(image)
  if (asked === undefined || !node || Number.parseInt(node.replace(/^v/, ''), 10) === asked) return undefined
  return `the Dockerfile asks for Node ${asked}, and without a container engine the embedded Beanstalk runs it on this machine's Node ${node}`
}

const MEND = [
  'Start Docker or Podman.',
  'lucree local stop && lucree local start --runtime docker   # then the same command again',
]

function cannotBuild(others: string[]): CheckResult {
  return {
    ...{ name, state: 'failed', code: 'LUC-LOCAL-NEEDS-ENGINE', mend: MEND },
    found: `The Dockerfile needs ${others.join(' and ')}, which only a container engine can build with`,
    why: 'the embedded Beanstalk runs without one, and then only follows Dockerfiles of Node images',
  }
}

/** Isn't refused: a deploy tells it as it tells of any image that can't be pulled. */
function cannotPull(others: string[]): CheckResult {
  return {
    ...{ name, state: 'warning', code: 'LUC-LOCAL-NEEDS-ENGINE', mend: MEND },
    found: `Dockerrun.aws.json names ${others.join(' and ')}, which only a container engine can pull`,
    why: 'the embedded Beanstalk runs without one, so a deploy to it will fail',
  }
}
