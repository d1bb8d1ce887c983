import { describe, expect, test, type TestContext } from 'vitest'
import { answering } from './application.ts'
import { RealServer } from './kill/server.ts'

async function server({ onTestFinished }: TestContext): Promise<RealServer> {
  const opened = await RealServer.open()
  onTestFinished(() => opened.close())
  return opened
}

/** Changes of the file system in a launch and an update, as counted on a server that nobody killed; later ones are killed as they end. */
const launchSteps = 240
const updateSteps = 105
const spread = (count: number, last: number) =>
  Array.from({ length: count }, (_, index) => 1 + Math.floor((index * last) / count))

/** Long enough for the server to come to the step that it dies at. */
const deathMs = 8000

const oneOfEach = { instances: 1, containers: 1, images: 1, builds: 0 }

describe.concurrent('killed in the middle of a launch', () => {
  test.for(spread(20, launchSteps))(
    'at step %i, the next server carries it on, nothing is left twice and a deploy then works',
    async (step, context) => {
      const beanstalk = await server(context)
      await beanstalk.start(step)
      await beanstalk.version('v1', answering('one'))
      await beanstalk.version('v2', answering('two'))
      await beanstalk.count()
      // Its answer may get lost on the way.
      await beanstalk.launch('v1').catch(() => undefined)
      await beanstalk.death(deathMs)
      await beanstalk.start()
      // Before the environment was on disk it was never accepted.
      if ((await beanstalk.environment()) === undefined) await beanstalk.launch('v1')
      expect(await beanstalk.answer()).toBe('one')
      expect(await beanstalk.belongings()).toEqual(oneOfEach)
      await beanstalk.deploy('v2')
      expect(await beanstalk.answer()).toBe('two')
      expect(await beanstalk.belongings()).toEqual(oneOfEach)
      expect(await beanstalk.errors()).toEqual([])
    },
  )
})

describe.concurrent('killed in the middle of an update', () => {
  test.for(spread(14, updateSteps))(
    'at step %i, the next server carries it on, nothing is left twice and a deploy then works',
    async (step, context) => {
      const beanstalk = await server(context)
      await beanstalk.start(step)
      await beanstalk.version('v1', answering('one'))
      await beanstalk.version('v2', answering('two'))
      await beanstalk.launch('v1')
      await beanstalk.settled()
      await beanstalk.count()
      await beanstalk.deploy('v2').catch(() => undefined)
      await beanstalk.death(deathMs)
      await beanstalk.start()
      const { VersionLabel } = await beanstalk.settled()
      expect(await beanstalk.answer()).toBe(VersionLabel === 'v2' ? 'two' : 'one')
      if (VersionLabel !== 'v2') await beanstalk.deploy('v2')
      expect(await beanstalk.answer()).toBe('two')
      await beanstalk.deploy('v1')
      expect(await beanstalk.answer()).toBe('one')
      expect(await beanstalk.belongings()).toEqual(oneOfEach)
      expect(await beanstalk.errors()).toEqual([])
    },
  )
})
