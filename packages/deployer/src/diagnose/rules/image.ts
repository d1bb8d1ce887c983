import type { Clues, Place } from '../clues.ts'
import { deployOnce, LOGS, type Rule, told } from '../rule.ts'
import { instanceOf } from './instance.ts'

const PLATFORM: Place[] = ['engine', 'event', 'docker']
const PUBLIC = 'public.ecr.aws/docker/library/…'

/** What a failed connection means. */
const UNREACHED: Record<string, string> = {
  'no such host': 'its name is not known there',
  'connection refused': 'it refuses the connection',
  'network is unreachable': 'there is no way to it',
  'no route to host': 'there is no way to it',
}

/** Asked of a container that ended, and of a build whose first RUN can't run. */
export const WRONG_PROCESSOR: Rule = told({
  name: 'the image is for another processor',
  code: 'LUC-DEPLOY-ARCHITECTURE',
  source: 'facts §6.1 row 21',
  texts: /exec format error/i,
  places: ['engine', 'docker', 'event', 'output'],
  confidence: 'certain',
  cause: (_, clues) =>
    `The image${clues.image.from ? ` ${clues.image.from}` : ''} is built for another processor than ${instanceOf(clues)} has${clues.instance.architecture ? ` (${clues.instance.architecture})` : ''}`,
  next: [
    'lucree deploy   # once "instanceType" in lucree.json has the image’s processor: t3.micro is x86_64, t4g.micro is arm64',
    deployOnce('the Dockerfile builds on the instance, or the image is pushed for both processors'),
  ],
})

/** Images that can't be fetched, by FROM or by Dockerrun's Image. */
export const IMAGE: Rule[] = [
  told({
    name: 'the registry’s pull limit is reached',
    code: 'LUC-DEPLOY-IMAGE-PULL',
    source: 'facts §6.1 row 7',
    texts:
      /toomanyrequests|reached your (?:unauthenticated )?pull rate limit|\/v2\/\S+.*429 Too Many Requests/i,
    places: PLATFORM,
    cause: 'Docker Hub refused the image: too many were pulled from this address without signing in',
    next: [deployOnce(`FROM names the image at ${PUBLIC}, which has no pull limit`), LOGS],
  }),
  told({
    name: 'ECR doesn’t let the instance in',
    code: 'LUC-DEPLOY-IMAGE-ECR',
    source: 'facts §3.4 G, §6.1 row 5',
    texts:
      /ECR service failed to authenticate|no basic auth credentials|ecr:(?:GetAuthorizationToken|BatchGetImage|GetDownloadUrlForLayer)|registry to authenticate with/i,
    places: PLATFORM,
    cause: 'The instance may not read the private ECR repository that its image comes from',
    next: [
      'aws iam attach-role-policy --role-name aws-elasticbeanstalk-ec2-role --policy-arn arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly',
      'lucree deploy',
    ],
  }),
  told({
    name: 'the image isn’t built for this processor',
    code: 'LUC-DEPLOY-ARCHITECTURE',
    source: 'facts §6 story 6; text of docker pull',
    texts: /no matching manifest for (\S+)|image .*platform .*does not match/i,
    places: PLATFORM,
    cause: ({ groups }, clues) =>
      `The image${named(clues)} isn’t there for ${groups[0] ?? 'the processor'} of the instance`,
    next: [
      'lucree deploy   # once "instanceType" in lucree.json has the image’s processor: t3.micro is x86_64, t4g.micro is arm64',
      deployOnce(
        'the image is pushed for both: docker buildx build --platform linux/amd64,linux/arm64 --push',
      ),
    ],
  }),
  told({
    name: 'the image doesn’t exist',
    code: 'LUC-DEPLOY-IMAGE-PULL',
    source: 'facts §6.1 row 6; texts of docker pull',
    texts:
      /manifest (?:for (\S+) )?(?:not found|unknown)|name unknown|(?:source metadata|load metadata) for \S+ .*not found/i,
    places: ['engine', 'docker'],
    cause: (match, clues) =>
      `There is no image ${imageIn(match.line) ?? clues.image.from ?? 'of this name and tag'}`,
    next: [deployOnce('name and tag of the image are right'), LOGS],
    show: pullLines,
  }),
  told({
    name: 'the image is private or doesn’t exist',
    code: 'LUC-DEPLOY-IMAGE-PULL',
    source: 'facts §6.1 row 6; texts of docker pull',
    texts:
      /pull access denied|requested access to the resource is denied|unauthorized: (?:authentication|access|incorrect)|\/v2\/\S*.*(?:401 Unauthorized|403 Forbidden)/i,
    places: PLATFORM,
    cause: (match, clues) =>
      `The registry refused the image ${imageIn(match.line) ?? clues.image.from ?? ''}`.trimEnd() +
      ': it doesn’t exist there, or it is private',
    next: [deployOnce('its name is right and the instance may pull it'), LOGS],
    show: pullLines,
  }),
  told({
    name: 'the registry is not reached',
    code: 'LUC-DEPLOY-IMAGE-PULL',
    source: 'texts of docker pull, BuildKit and Podman',
    texts:
      /(?:Get|Head) \\?"?https?:\/\/([^/"]+)\/v2\/.*dial tcp.*(no such host|connection refused|i\/o timeout|network is unreachable|no route to host)/i,
    places: ['engine', 'docker'],
    cause: ({ groups }) =>
      `The registry ${groups[0] ?? ''} is not reached: ${UNREACHED[groups[1]?.toLowerCase() ?? ''] ?? 'it does not answer'}`,
    next: [
      deployOnce(
        'the subnets have a way out to the internet, and the image’s name begins with the right registry',
      ),
      'lucree doctor   # checks the network',
    ],
    show: pullLines,
  }),
  told({
    name: 'the image could not be fetched',
    code: 'LUC-DEPLOY-IMAGE-PULL',
    source: 'facts §3.4 G, §6.1 row 6',
    texts:
      /failed to download the Docker image|failed to pull docker image|failed to resolve source metadata|Error response from daemon: Get "?https?:/i,
    places: PLATFORM,
    cause: 'The Docker image could not be downloaded',
    next: [deployOnce(`name, tag and rights are right; ${PUBLIC} has no pull limit`), LOGS],
    show: pullLines,
  }),
]

function named({ image }: Clues): string {
  return image.from ? ` ${image.from}` : ''
}

function imageIn(line: string): string | undefined {
  return /(?:manifest for|denied for|docker pull) ([\w./:@-]+[\w])/.exec(line)?.[1]
}

/** The registry's own words, not only the engine's closing ones. */
function pullLines(clues: Clues): string[] {
  return clues.all(
    /pull|manifest|denied|unauthorized|registry|download|toomanyrequests|not found|metadata/i,
    PLATFORM,
    6,
  )
}
