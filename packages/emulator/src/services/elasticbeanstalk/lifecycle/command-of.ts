import type { Command } from '../instance/command.ts'
import type { Setting, Version } from '../state/model.ts'
import type { Story } from './story.ts'

/** The command that brings an instance to what the operation asks for. */
export function commandOf(story: Story, name: Command['name']): Command {
  const { operation } = story
  const environment = story.environment()
  const label = operation.versionLabel ?? environment.versionLabel
  return {
    name,
    label,
    version: versionOf(story, label),
    deploymentId: operation.deploymentId ?? environment.deploymentId,
    settings: operation.settings ?? environment.settings,
  }
}

/** The command that brings an instance back to what the environment had before the operation. */
export function formerCommand(story: Story, settings: readonly Setting[]): Command {
  const { versionLabel: label, deploymentId } = story.environment()
  return { name: 'app-deploy', label, version: versionOf(story, label), deploymentId, settings }
}

/** Undefined for the sample application, which has no version. */
function versionOf(story: Story, label: string): Version | undefined {
  const { application } = story.environment()
  return story.context.store.application(application)?.versions.find((version) => version.label === label)
}
