import type { CheckResult } from './check.ts'

const name = 'base images'

/** Docker Hub lets an address pull a limited number of images in six hours, and every instance pulls (facts sheet §6, 6 and 7). */
export function baseImagesResult(images: string[]): CheckResult {
  if (images.length === 0)
    return { name, state: 'unknown', found: 'none could be read from the source', mend: [] }
  const limited = images.filter(isOnDockerHub)
  if (limited.length === 0) {
    return {
      ...{ name, state: 'ok', found: `${images.join(', ')}: no pull limit of Docker Hub`, mend: [] },
      why: 'whether they are there and for the right processor is known when an instance pulls them',
    }
  }
  return {
    ...{ name, state: 'warning', code: 'LUC-SOURCE-PULL-LIMIT' },
    found: `${limited.join(', ')} ${limited.length === 1 ? 'is' : 'are'} pulled from Docker Hub, which limits pulls by address`,
    why: 'an instance that is refused (429 toomanyrequests) fails its deployment, at scale-out too',
    mend: limited.map((image) => {
      const mirror = mirrorOf(image)
      return mirror
        ? `In the Dockerfile, instead of ${image}: ${mirror}`
        : `Copy ${image} to a registry of your own, such as ECR.`
    }),
  }
}

/** A name without a registry is Docker Hub's; a registry has a dot or a port in it, or is localhost. */
function isOnDockerHub(image: string): boolean {
  const [registry = '', ...rest] = image.split('/')
  if (rest.length === 0) return true
  if (/^(registry-1\.|index\.)?docker\.io$/.test(registry)) return true
  return !/[.:]/.test(registry) && registry !== 'localhost'
}

/** Amazon's public registry mirrors Docker's official images, which have no owner in their name. */
function mirrorOf(image: string): string | undefined {
  const official = /^(?:(?:registry-1\.|index\.)?docker\.io\/)?(?:library\/)?([^/]+)$/.exec(image)?.[1]
  return official && `public.ecr.aws/docker/library/${official}`
}
